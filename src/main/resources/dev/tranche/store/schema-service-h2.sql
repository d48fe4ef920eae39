-- What a service keeps beside the jobs: who did what, and passwords that were made up.

create table if not exists TRANCHE_AUDIT (
  AUDIT_ID bigint generated always as identity primary key,
  NOTED_AT timestamp not null,
  USER_NAME varchar not null,
  ADDRESS varchar not null,
  ACTION varchar not null,
  SUBJECT varchar not null,
  COMMENT_TEXT varchar,
  OUTCOME varchar
);

create table if not exists TRANCHE_ACCOUNT (
  USER_NAME varchar(200) primary key,
  PASSWORD_HASH varchar not null
);

-- What a service keeps: schedules, and what became of each of their fires. Moments are milliseconds since 1970.

create table if not exists TRANCHE_SCHEDULE (
  JOB_NAME varchar(100) primary key,
  TIMES varchar not null,
  DECIDED_TO bigint not null,
  PAUSED boolean not null
);

create table if not exists TRANCHE_FIRE (
  JOB_NAME varchar(100) not null,
  FIRE_TIME bigint not null,
  BY_HAND boolean not null,
  STATE varchar(20) not null,
  REASON varchar,
  DECIDED_AT bigint not null,
  PROCESS_ID varchar(36),
  EXECUTION_ID bigint,
  primary key (JOB_NAME, FIRE_TIME)
);

create index if not exists TRANCHE_FIRE_STATE on TRANCHE_FIRE (STATE, JOB_NAME, FIRE_TIME);

create index if not exists TRANCHE_FIRE_EXECUTION on TRANCHE_FIRE (EXECUTION_ID);

-- db-scheduler's own, under another name.
create table if not exists TRANCHE_TASK (
  TASK_NAME varchar(100) not null,
  TASK_INSTANCE varchar(100) not null,
  TASK_DATA blob,
  EXECUTION_TIME timestamp not null,
  PICKED boolean not null,
  PICKED_BY varchar(50),
  LAST_SUCCESS timestamp,
  LAST_FAILURE timestamp,
  CONSECUTIVE_FAILURES integer,
  LAST_HEARTBEAT timestamp,
  VERSION bigint not null,
  primary key (TASK_NAME, TASK_INSTANCE)
);

create index if not exists TRANCHE_TASK_TIME on TRANCHE_TASK (EXECUTION_TIME);
