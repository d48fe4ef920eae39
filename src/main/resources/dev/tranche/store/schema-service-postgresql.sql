-- What a service keeps beside the jobs: who did what, and passwords that were made up.

create table if not exists TRANCHE_AUDIT (
  AUDIT_ID bigint generated always as identity primary key,
  NOTED_AT timestamp not null,
  USER_NAME text not null,
  ADDRESS text not null,
  ACTION text not null,
  SUBJECT text not null,
  COMMENT_TEXT text,
  OUTCOME text
);

create table if not exists TRANCHE_ACCOUNT (
  USER_NAME varchar(200) primary key,
  PASSWORD_HASH text not null
);
