-- What Tranche keeps in every database that it loads into.
-- Texts are compared by their bytes, trailing spaces included, whatever the server's default is.

create table if not exists TRANCHE_REJECT (
  REJECT_ID bigint auto_increment primary key,
  LAYOUT varchar(36) not null,
  PARTITION_NUMBER integer not null,
  ITEM_ORDINAL bigint not null,
  PHASE varchar(20) not null,
  SOURCE longtext not null,
  LINE_NUMBER bigint not null,
  BYTE_OFFSET bigint not null,
  COLUMN_NAME longtext,
  ORIGINAL longtext not null,
  ERROR_CLASS longtext not null,
  ERROR_MESSAGE longtext not null,
  FINGERPRINT longtext not null,
  index TRANCHE_REJECT_PLACE (LAYOUT, PARTITION_NUMBER, ITEM_ORDINAL, REJECT_ID)
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

create table if not exists TRANCHE_CHECKPOINT (
  LAYOUT varchar(36) not null,
  PARTITION_NUMBER integer not null,
  OWNER bigint not null,
  SEQ bigint not null,
  PROGRESS longtext not null,
  ITEMS_READ bigint not null,
  ITEMS_WRITTEN bigint not null,
  ITEMS_FILTERED bigint not null,
  ITEMS_REJECTED bigint not null,
  COMPLETE boolean not null,
  SESSION_ID varchar(100),
  primary key (LAYOUT, PARTITION_NUMBER)
) engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;
