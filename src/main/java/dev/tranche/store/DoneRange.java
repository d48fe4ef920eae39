package dev.tranche.store;

import dev.tranche.row.Digest;

/**
 * A stretch of the input beyond the low watermark that is committed already.
 *
 * @param items how many items lie in it
 */
public record DoneRange(Position from, Position to, long items, Digest digest) {}
