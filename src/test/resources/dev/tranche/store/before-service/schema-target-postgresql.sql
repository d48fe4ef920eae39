-- What Tranche keeps in every database that it loads into.

create table if not exists TRANCHE_REJECT (
  REJECT_ID bigint generated always as identity primary key,
  LAYOUT varchar(36) not null,
  PARTITION_NUMBER integer not null,
  ITEM_ORDINAL bigint not null,
  PHASE varchar(20) not null,
  SOURCE text not null,
  LINE_NUMBER bigint not null,
  BYTE_OFFSET bigint not null,
  COLUMN_NAME text,
  ORIGINAL text not null,
  ERROR_CLASS text not null,
  ERROR_MESSAGE text not null,
  FINGERPRINT text not null
);

create index if not exists TRANCHE_REJECT_PLACE
  on TRANCHE_REJECT (LAYOUT, PARTITION_NUMBER, ITEM_ORDINAL, REJECT_ID);

-- Rewritten with every chunk: half of a page stays free, so that a new version of a row finds room
-- beside the old one and no index is touched.
create table if not exists TRANCHE_CHECKPOINT (
  LAYOUT varchar(36) not null,
  PARTITION_NUMBER integer not null,
  OWNER bigint not null,
  SEQ bigint not null,
  PROGRESS text not null,
  ITEMS_READ bigint not null,
  ITEMS_WRITTEN bigint not null,
  ITEMS_FILTERED bigint not null,
  ITEMS_REJECTED bigint not null,
  COMPLETE boolean not null,
  SESSION_ID varchar(100),
  primary key (LAYOUT, PARTITION_NUMBER)
) with (fillfactor = 50);
