package dev.tranche.row;

/** A named, typed place in a row. */
public record Column(String name, ColumnType type) {}
