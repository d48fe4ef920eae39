package dev.tranche.crash;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The line between a child and a database server, which can be cut at a commit of one's choice, be
 * down, or fall silent. Safe for all threads.
 *
 * <p>It knows just enough of the server's protocol to see a COMMIT go by: a {@link Listener}.
 */
final class Line implements AutoCloseable {

  /** What happens to a connection at a COMMIT. */
  enum Cut {
    /** The server never hears of it: rolled back. */
    BEFORE,
    /** The server commits, and the client never hears of it. */
    AFTER,
    /** The client hears nothing, and the server commits only a while later. */
    LATER
  }

  /** Reads what a client sends, one message after the other. One thread. */
  interface Listener {

    /** The next message, whole; null at the end. */
    byte @Nullable [] next() throws IOException;

    /** Whether {@link #next} last gave the beginning of a COMMIT. */
    boolean isCommit();

    /** Whether {@link #next} last gave what a server answers. */
    boolean isComplete();
  }

  /** @param at counted from the moment it is planned */
  private record Plan(long at, Cut cut, Runnable then) {}

  private final int server;
  private final Function<DataInputStream, Listener> protocol;
  private final ServerSocket entrance;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicLong commits = new AtomicLong();

  // -- now --
  private volatile @Nullable Plan plan;
  private volatile boolean down;
  private volatile CountDownLatch silence = new CountDownLatch(0);
  private volatile CountDownLatch struck = new CountDownLatch(1);

  /** @param server a port of this machine */
  Line(int server, Function<DataInputStream, Listener> protocol) {
    this.server = server;
    this.protocol = protocol;
    try {
      entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    start(this::accept);
  }

  /** A JDBC URL that takes this line. */
  String through(String url) {
    return url.replaceFirst("://[^/:]*:\\d+/", "://localhost:" + entrance.getLocalPort() + "/");
  }

  /**
   * Cuts the connection that sends the {@code number}th COMMIT from now on.
   *
   * @param then called right after, once
   */
  void cutAt(long number, Cut cut, Runnable then) {
    struck = new CountDownLatch(1);
    plan = new Plan(commits.get() + number, cut, then);
  }

  /** Whether the cut that was planned has come. */
  boolean hasStruck() {
    return struck.getCount() == 0;
  }

  /** Forgets the cut that was planned, if it has not come. */
  void calm() {
    plan = null;
  }

  /** Nobody gets through any more, and whoever was connected is cut off. */
  void down() {
    down = true;
    links.forEach(Link::close);
  }

  void up() {
    down = false;
  }

  /** Connections stay, but nothing is heard any more. */
  void fallSilent() {
    silence = new CountDownLatch(1);
  }

  void speak() {
    silence.countDown();
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket client = entrance.accept();
        if (down) {
          close(client);
        } else {
          connect(client);
        }
      } catch (IOException closed) {
        // The loop ends with the entrance; that a server is down is for the client to find out.
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket onward = new Socket(InetAddress.getLoopbackAddress(), server);
      client.setTcpNoDelay(true);
      onward.setTcpNoDelay(true);
      Link link = new Link(client, onward);
      links.add(link);
      start(link::listen);
      start(link::answer);
      if (down) {
        link.close();
      }
    } catch (IOException serverIsDown) {
      close(client);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "line");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // That is what was wanted.
    }
  }

  @Override
  public void close() {
    speak();
    try {
      entrance.close();
    } catch (IOException gone) {
      // That is what was wanted.
    }
    links.forEach(Link::close);
  }

  /** One connection. */
  private final class Link {

    private static final Duration LATE = Duration.ofMillis(1500);

    private final Socket client;
    private final Socket onward;
    private volatile boolean deaf;

    private Link(Socket client, Socket onward) {
      this.client = client;
      this.onward = onward;
    }

    private void listen() {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(client.getInputStream(), 1 << 16))) {
        Listener listener = protocol.apply(in);
        for (byte[] message = listener.next(); message != null; message = listener.next()) {
          silence.await();
          Plan planned = listener.isCommit() ? due() : null;
          if (planned != null) {
            strike(planned, listener, message);
            return;
          }
          onward.getOutputStream().write(message);
        }
        close();
      } catch (IOException | InterruptedException closed) {
        close();
      }
    }

    private @Nullable Plan due() {
      long number = commits.incrementAndGet();
      synchronized (Line.this) {
        Plan planned = plan;
        if (planned == null || number < planned.at) {
          return null;
        }
        plan = null;
        return planned;
      }
    }

    private void strike(Plan planned, Listener listener, byte[] first)
        throws IOException, InterruptedException {
      if (planned.cut == Cut.BEFORE) {
        close();
      } else {
        deaf = true;
        byte[] rest = rest(listener);
        if (planned.cut == Cut.LATER) {
          Line.close(client);
          new CountDownLatch(1).await(LATE.toMillis(), TimeUnit.MILLISECONDS);
        }
        onward.getOutputStream().write(first);
        onward.getOutputStream().write(rest);
      }
      struck.countDown();
      planned.then.run();
    }

    /** Up to what the server answers. */
    private static byte[] rest(Listener listener) throws IOException {
      var rest = new java.io.ByteArrayOutputStream();
      while (!listener.isComplete()) {
        byte[] next = listener.next();
        if (next == null) {
          break;
        }
        rest.write(next);
      }
      return rest.toByteArray();
    }

    private void answer() {
      byte[] buffer = new byte[1 << 16];
      try (InputStream in = onward.getInputStream()) {
        for (int n = in.read(buffer); n >= 0 && !deaf; n = in.read(buffer)) {
          silence.await();
          client.getOutputStream().write(buffer, 0, n);
        }
      } catch (IOException | InterruptedException closed) {
        // Either end may go at any time.
      } finally {
        close(); // deaf: the server has answered, that is, committed
      }
    }

    private void close() {
      links.remove(this);
      Line.close(client);
      Line.close(onward);
    }
  }
}
