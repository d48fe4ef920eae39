-- What Tranche keeps beside Spring Batch's own tables.

create table if not exists TRANCHE_STEP (
  STEP_ID bigint generated always as identity primary key,
  JOB_INSTANCE_ID bigint not null,
  STEP_NAME varchar not null,
  LAYOUT varchar(36) not null unique,
  PHASE varchar(20) not null,
  PARTITIONS integer not null,
  PLACEHOLDERS varchar not null,
  FILES varchar not null,
  TARGET varchar not null,
  DEFINITION varchar(100) not null,
  constraint TRANCHE_STEP_ONCE unique (JOB_INSTANCE_ID, STEP_NAME)
);

create table if not exists TRANCHE_PARTITION (
  LAYOUT varchar(36) not null,
  PARTITION_NUMBER integer not null,
  SLICE varchar not null,
  ESTIMATE bigint not null,
  STATUS varchar(20) not null,
  DONE boolean generated always as (STATUS = 'COMPLETED'),
  ATTEMPTS integer not null,
  OWNER bigint not null,
  EXECUTION_ID bigint not null,
  PROCESS_ID varchar(36),
  ITEMS_READ bigint not null,
  ITEMS_WRITTEN bigint not null,
  ITEMS_FILTERED bigint not null,
  ITEMS_REJECTED bigint not null,
  FAILURE varchar,
  primary key (LAYOUT, PARTITION_NUMBER)
);

create index if not exists TRANCHE_PARTITION_CLAIM
  on TRANCHE_PARTITION (LAYOUT, DONE, ESTIMATE desc, PARTITION_NUMBER);

create table if not exists TRANCHE_RUN (
  JOB_INSTANCE_ID bigint primary key,
  EXECUTION_ID bigint not null,
  PROCESS_ID varchar(36) not null,
  EPOCH bigint not null,
  ACTIVE boolean not null,
  STOP_ASKED boolean not null,
  CRASHES integer not null,
  ITEMS_AT_CRASH bigint not null
);

create table if not exists TRANCHE_PROCESS (
  PROCESS_ID varchar(36) primary key,
  HOST varchar not null,
  BOOT varchar not null,
  PID bigint not null,
  STARTED varchar not null,
  BEAT bigint not null
);

create table if not exists TRANCHE_FILE (
  FILE_KEY varchar(64) primary key,
  FINAL_FILE varchar not null,
  LAYOUT varchar(36) not null,
  COLUMN_NAMES varchar not null
);

create table if not exists TRANCHE_DEFINITION (
  VERSION varchar(100) primary key,
  JOB_NAME varchar not null,
  DEFINITION_TEXT varchar not null,
  STORED_AT timestamp with time zone default current_timestamp not null
);
