package dev.tranche.console;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many wrong passwords are borne.
 *
 * @param attempts wrong passwords for one user name until it has to wait; 0: any number
 * @param addressAttempts wrong passwords from one address until it has to wait; 0: any number
 * @param pause how long either has to wait, and how long after the last one a count is forgotten
 */
@ConfigurationProperties("tranche.log-in")
record LogInProperties(
    @DefaultValue("10") int attempts,
    @DefaultValue("50") int addressAttempts,
    @DefaultValue("1m") Duration pause) {}
