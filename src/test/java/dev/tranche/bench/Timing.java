package dev.tranche.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How long runs took by the clock, and how much processor time the JVM spent on them: that hardly
 * depends on what else the machine does.
 */
final class Timing {

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** One run. Nanoseconds. */
  record Took(double clock, double processor, double server) {}

  /** What is measured. */
  interface Run {
    void run() throws Exception;
  }

  private final String[] ways;
  private final Took[][] took;

  /** @param ways what is compared; the first is what the others are compared with */
  Timing(String[] ways, int rounds) {
    this.ways = ways;
    this.took = new Took[ways.length][rounds];
  }

  static Took of(Run run) throws Exception {
    return of(run, () -> 0);
  }

  /** @param server tells how much processor time the database's server has spent so far */
  static Took of(Run run, LongSupplier server) throws Exception {
    long served = server.getAsLong();
    long processor = SYSTEM.getProcessCpuTime();
    long clock = System.nanoTime();
    run.run();
    return new Took(
        System.nanoTime() - clock,
        SYSTEM.getProcessCpuTime() - processor,
        server.getAsLong() - served);
  }

  void add(int way, int round, Took one) {
    took[way][round] = one;
  }

  /** Medians, and the medians and ranges of the ratios within each round. */
  void report(String title, double items) {
    System.out.printf(
        Locale.ROOT, "%n%s; median of %d, load %.0f%n", title, took[0].length, SYSTEM.getSystemLoadAverage());
    for (int way = 0; way < ways.length; way++) {
      double[] clock = new double[took[way].length];
      double[] processor = new double[took[way].length];
      double[] server = new double[took[way].length];
      double[] clockRatio = new double[took[way].length];
      double[] processorRatio = new double[took[way].length];
      for (int i = 0; i < clock.length; i++) {
        clock[i] = took[way][i].clock() / items / 1000;
        processor[i] = took[way][i].processor() / items / 1000;
        server[i] = took[way][i].server() / items / 1000;
        clockRatio[i] = took[way][i].clock() / took[0][i].clock();
        processorRatio[i] = took[way][i].processor() / took[0][i].processor();
      }
      System.out.printf(
          Locale.ROOT,
          "  %-28s time %8.2f us per item, %s; processor %7.2f us per item, %s; server %5.2f us%n",
          ways[way],
          median(clock),
          ratio(clockRatio),
          median(processor),
          ratio(processorRatio),
          median(server));
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static String ratio(double[] ratios) {
    double median = median(ratios);
    return String.format(
        Locale.ROOT, "x %.2f (%.2f to %.2f)", median, ratios[0], ratios[ratios.length - 1]);
  }
}
