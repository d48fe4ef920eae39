package dev.tranche;

/** There is no job, execution or partition by that name. */
public final class NotFoundException extends RefusedException {

  private static final long serialVersionUID = 1L;

  public NotFoundException(String message) {
    super(message);
  }
}
