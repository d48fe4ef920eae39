package dev.tranche.chunk;

/**
 * Why a partition failed.
 *
 * @param message where, what, how much is safe, and where a restart goes on
 */
public record Failure(String message, Throwable cause) {}
