-- What Tranche keeps beside Spring Batch's own tables.
-- Texts are compared by their bytes, trailing spaces included, whatever the server's default is.

create table if not exists TRANCHE_STEP (
  STEP_ID bigint auto_increment primary key,
  JOB_INSTANCE_ID bigint not null,
  STEP_NAME varchar(500) not null,
  LAYOUT varchar(36) not null unique,
  PHASE varchar(20) not null,
  PARTITIONS integer not null,
  PLACEHOLDERS longtext not null,
  FILES longtext not null,
  TARGET longtext not null,
  DEFINITION varchar(100) not null,
  constraint TRANCHE_STEP_ONCE unique (JOB_INSTANCE_ID, STEP_NAME)
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

create table if not exists TRANCHE_PARTITION (
  LAYOUT varchar(36) not null,
  PARTITION_NUMBER integer not null,
  SLICE longtext not null,
  ESTIMATE bigint not null,
  STATUS varchar(20) not null,
  DONE boolean generated always as (STATUS = 'COMPLETED') stored,
  ATTEMPTS integer not null,
  OWNER bigint not null,
  EXECUTION_ID bigint not null,
  PROCESS_ID varchar(36),
  ITEMS_READ bigint not null,
  ITEMS_WRITTEN bigint not null,
  ITEMS_FILTERED bigint not null,
  ITEMS_REJECTED bigint not null,
  FAILURE longtext,
  primary key (LAYOUT, PARTITION_NUMBER),
  index TRANCHE_PARTITION_CLAIM (LAYOUT, DONE, ESTIMATE desc, PARTITION_NUMBER)
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

create table if not exists TRANCHE_RUN (
  JOB_INSTANCE_ID bigint primary key,
  EXECUTION_ID bigint not null,
  PROCESS_ID varchar(36) not null,
  EPOCH bigint not null,
  ACTIVE boolean not null,
  STOP_ASKED boolean not null,
  CRASHES integer not null,
  ITEMS_AT_CRASH bigint not null
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

create table if not exists TRANCHE_PROCESS (
  PROCESS_ID varchar(36) primary key,
  HOST longtext not null,
  BOOT longtext not null,
  PID bigint not null,
  STARTED longtext not null,
  BEAT bigint not null
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

create table if not exists TRANCHE_FILE (
  FILE_KEY varchar(64) primary key,
  FINAL_FILE longtext not null,
  LAYOUT varchar(36) not null,
  COLUMN_NAMES longtext not null
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

create table if not exists TRANCHE_DEFINITION (
  VERSION varchar(100) primary key,
  JOB_NAME longtext not null,
  DEFINITION_TEXT longtext not null,
  STORED_AT datetime(6) default utc_timestamp(6) not null
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;
