package dev.tranche.store;

/** A partition taken by an attempt: the fence it now holds and the checkpoint it goes on from. */
public record Claim(Fence fence, Checkpoint checkpoint) {}
