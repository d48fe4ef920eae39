package dev.tranche.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way to a server, which a test can cut and mend: while it is cut, what was connected is closed
 * and nobody gets through. Safe for all threads.
 */
public final class Wire implements AutoCloseable {

  private final int server;
  private final ServerSocket entrance;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  /** @param server a port of this machine */
  public Wire(int server) {
    this.server = server;
    try {
      entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    start(this::accept);
  }

  /** To the server of a JDBC URL. */
  public static Wire to(String url) {
    return new Wire(Integer.parseInt(url.replaceFirst(".*://[^/:]*:(\\d+)/.*", "$1")));
  }

  /** The port of this machine to connect to. */
  public int port() {
    return entrance.getLocalPort();
  }

  /** A JDBC URL that goes this way. */
  public String through(String url) {
    return url.replaceFirst("://[^/:]*:\\d+/", "://localhost:" + port() + "/");
  }

  public void cut() {
    cut = true;
    open.forEach(Wire::close);
  }

  public void mend() {
    cut = false;
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        connect(entrance.accept());
      } catch (IOException closed) {
        // The loop ends with the entrance; a server that is down is the caller's to find out.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    open.add(client);
    if (cut) {
      close(client);
      return;
    }
    try {
      Socket onward = new Socket(InetAddress.getLoopbackAddress(), server);
      open.add(onward);
      start(() -> pump(client, onward));
      start(() -> pump(onward, client));
    } catch (IOException down) {
      close(client);
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to;
        InputStream bytes = from.getInputStream()) {
      if (!cut) {
        bytes.transferTo(to.getOutputStream());
      }
    } catch (IOException closed) {
      // Either end may go at any time.
    } finally {
      open.remove(from);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "wire");
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
  public void close() throws IOException {
    entrance.close();
    open.forEach(Wire::close);
  }
}
