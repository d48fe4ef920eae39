package dev.tranche.cli;

import java.time.InstantSource;

/**
 * What one call of the command line has at hand.
 *
 * @param command what users type before a verb
 */
record Session(
    String command, Terminal terminal, Doorway doorway, Signals signals, InstantSource clock) {}
