package dev.tranche.definition;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A step of SQL statements in one transaction.
 *
 * @param connection the named connection; null for the job repository's database
 */
@Variant("sql")
public record SqlStepDefinition(
    @Key(value = "Its name, of its own within the job.", notation = Notation.NAME) @NotBlank String name,

    @Key(value = "The statements, run in one transaction.", notation = Notation.SQL) @NotEmpty List<@NotBlank String> sql,

    @Key("The named connection; without it, the job repository's database.") @Nullable String connection)
    implements StepDefinition {

  /** What H2 and MariaDB commit by themselves, before and after. */
  private static final Pattern DDL =
      Pattern.compile("(?is)\\s*(create|alter|drop|truncate|rename|comment|grant|revoke|analyze"
          + "|optimize|repair|lock|load|flush|runscript)\\b.*");

  /** Whether H2 and MariaDB do not run it in one transaction. */
  public boolean hasDdl() {
    return sql.stream().anyMatch(SqlStepDefinition::isDdl);
  }

  static boolean isDdl(String statement) {
    return DDL.matcher(statement).matches();
  }
}
