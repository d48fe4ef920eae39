package dev.tranche;

/** What became of the items: read = written + filtered + rejected. */
public record TallyView(long read, long written, long filtered, long rejected) {}
