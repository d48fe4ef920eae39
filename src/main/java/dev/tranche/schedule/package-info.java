/**
 * The service: wakes up when something is due, and sees to it that it is done.
 *
 * <p>Start reading at {@link dev.tranche.schedule.ScheduleService}.
 */
@NullMarked
package dev.tranche.schedule;

import org.jspecify.annotations.NullMarked;
