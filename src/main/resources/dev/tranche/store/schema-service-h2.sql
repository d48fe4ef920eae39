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
