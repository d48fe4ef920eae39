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
