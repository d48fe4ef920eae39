package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFilesTest {

  private static final String STEPS = "\nsteps: [{ name: a, tasklet: b }]\n";

  @TempDir
  Path folder;

  @Test
  void readsTheYamlFilesOfAFolderAndNotThoseBelowIt() throws IOException {
    write("b.yml", "name: second" + STEPS);
    write("a.yaml", "name: first" + STEPS);
    write("notes.txt", "no yaml");
    Files.createDirectories(folder.resolve("data.yml"));
    write("data.yml/c.yml", "name: hidden" + STEPS);

    JobFiles jobs = JobFiles.of(folder, Placeholders.NONE);

    assertThat(jobs.problems()).isEmpty();
    assertThat(jobs.byName()).containsOnlyKeys("first", "second");
    assertThat(jobs.get("second").file()).endsWith("/b.yml");
    assertThat(jobs.get("hidden")).isNull();
  }

  @Test
  void hasNoJobsWhereThereIsNoFolder() {
    assertThat(JobFiles.of(folder.resolve("none"), Placeholders.NONE).byName()).isEmpty();
  }

  @Test
  void gathersTheProblemsOfAllFiles() throws IOException {
    write("a.yml", "name: a" + STEPS + "extra: 1\n");
    write("b.yml", "name: b\nsteps: []\n");
    Files.write(folder.resolve("c.yml"), "name: kæse".getBytes(StandardCharsets.ISO_8859_1));
    JobFiles jobs = JobFiles.of(folder, Placeholders.NONE);

    assertThat(jobs.problems())
        .extracting(problem -> problem.toString().replace(folder + "/", ""))
        .containsExactly(
            "a.yml:3:1: the job has no key 'extra'. Valid: name, description, parameters,"
                + " schedule, on-crash, steps.",
            "b.yml:2:8: 'steps' must not be empty.",
            "c.yml: the file is not UTF-8. Save it as UTF-8.");
    assertThat(jobs.byName()).containsOnlyKeys("a", "b");
  }

  @Test
  void notesWhatIsRightAndYetWorthKnowing() throws IOException {
    write(
        "a.yml",
        """
        name: a
        steps:
          - name: load
            read: { type: csv, files: [ in/*.csv, "in/*.CSV.gz", in/b.csv.zst ] }
            write: { type: bean, bean: mail }
          - name: join
            read: { type: jsonl, files: a.jsonl.gz, columns: { n: long } }
            write: { type: bean, bean: rows, connection: target }
          - name: tidy
            sql: [ "delete from t", "drop table u", "create table u (n int)" ]
        """);
    JobFiles jobs = JobFiles.of(folder, Placeholders.NONE);

    assertThat(jobs.problems()).isEmpty();
    assertThat(jobs.lint())
        .extracting(note -> note.toString().replace(folder + "/", ""))
        .containsExactly(
            "a.yml:4:43: note: 'in/*.CSV.gz' is compressed: each such file is one partition, and a"
                + " restart decompresses again what is done of it.",
            "a.yml:4:58: note: 'in/b.csv.zst' is compressed: each such file is one partition, and a"
                + " restart decompresses again what is done of it.",
            "a.yml:5:32: note: at least once: after a failure the bean may be given the items of one"
                + " chunk again. To write in the checkpoint's transaction, name its 'connection'.",
            "a.yml:7:33: note: 'a.jsonl.gz' is compressed: each such file is one partition, and a"
                + " restart decompresses again what is done of it.",
            "a.yml:10:29: note: DDL commits by itself on H2 and MariaDB: there, the step is at least"
                + " once, since a crash in between repeats its statements.");
    assertThat(jobs.get("a").resolve(Placeholders.NONE).steps()).hasSize(3);
  }

  @Test
  void saysWhichFileCannotBeRead() {
    List<Path> files = List.of(folder.resolve("missing.yml"), folder);

    assertThat(JobFiles.of(files, Placeholders.NONE).problems())
        .extracting(problem -> problem.toString().replace(folder.toString(), "jobs"))
        .containsExactly(
            "jobs/missing.yml: there is no such file.",
            "jobs: this is a folder. Name the files in it.");
  }

  @Test
  void letsNoneOfTwoFilesHaveTheSameJob() throws IOException {
    write("a.yml", "name: same" + STEPS);
    write("b.yml", "description: x\nname: same" + STEPS);

    JobFiles jobs = JobFiles.of(folder, Placeholders.NONE);

    String problem = folder + "/b.yml:2:7: the job of " + folder + "/a.yml is called 'same', too."
        + " Give one of them another name.";
    assertThat(jobs.problems()).extracting(Problem::toString).containsExactly(problem);
    assertThatThrownBy(() -> jobs.get("same").resolve(Placeholders.NONE)).hasMessage(problem);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
