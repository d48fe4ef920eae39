-- What a service keeps beside the jobs: who did what, and passwords that were made up.

create table if not exists TRANCHE_AUDIT (
  AUDIT_ID bigint auto_increment primary key,
  NOTED_AT datetime(6) not null,
  USER_NAME longtext not null,
  ADDRESS longtext not null,
  ACTION longtext not null,
  SUBJECT longtext not null,
  COMMENT_TEXT longtext,
  OUTCOME longtext
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

create table if not exists TRANCHE_ACCOUNT (
  USER_NAME varchar(200) primary key,
  PASSWORD_HASH longtext not null
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

-- What a service keeps: schedules, and what became of each of their fires. Moments are milliseconds since 1970.

create table if not exists TRANCHE_SCHEDULE (
  JOB_NAME varchar(100) primary key,
  TIMES longtext not null,
  DECIDED_TO bigint not null,
  PAUSED boolean not null
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

create table if not exists TRANCHE_FIRE (
  JOB_NAME varchar(100) not null,
  FIRE_TIME bigint not null,
  BY_HAND boolean not null,
  STATE varchar(20) not null,
  REASON longtext,
  DECIDED_AT bigint not null,
  PROCESS_ID varchar(36),
  EXECUTION_ID bigint,
  primary key (JOB_NAME, FIRE_TIME),
  index TRANCHE_FIRE_STATE (STATE, JOB_NAME, FIRE_TIME),
  index TRANCHE_FIRE_EXECUTION (EXECUTION_ID)
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

-- db-scheduler's own, under another name.
create table if not exists TRANCHE_TASK (
  TASK_NAME varchar(100) not null,
  TASK_INSTANCE varchar(100) not null,
  TASK_DATA blob,
  EXECUTION_TIME timestamp(6) not null default current_timestamp(6),
  PICKED boolean not null,
  PICKED_BY varchar(50),
  LAST_SUCCESS timestamp(6) null default null,
  LAST_FAILURE timestamp(6) null default null,
  CONSECUTIVE_FAILURES integer,
  LAST_HEARTBEAT timestamp(6) null default null,
  VERSION bigint not null,
  primary key (TASK_NAME, TASK_INSTANCE),
  index TRANCHE_TASK_TIME (EXECUTION_TIME)
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;
