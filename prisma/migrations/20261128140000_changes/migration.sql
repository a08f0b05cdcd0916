-- Events in a settled order. Their serial numbers commit out of order; positions are given after the commit.

-- CreateTable
CREATE TABLE "unnumbered" (
    "event_seq" BIGINT NOT NULL,

    CONSTRAINT "unnumbered_pkey" PRIMARY KEY ("event_seq")
);

-- CreateTable
CREATE TABLE "changes" (
    "position" BIGINT NOT NULL,
    "event_seq" BIGINT NOT NULL,
    "public_position" BIGINT,

    CONSTRAINT "changes_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "changes_head" (
    "one" BOOLEAN NOT NULL DEFAULT true,
    "position" BIGINT NOT NULL,
    "public_position" BIGINT NOT NULL,

    CONSTRAINT "changes_head_pkey" PRIMARY KEY ("one")
);

-- CreateIndex
CREATE UNIQUE INDEX "changes_event_seq_key" ON "changes"("event_seq");

CREATE UNIQUE INDEX "changes_public_position_key" ON "changes"("public_position") WHERE "public_position" IS NOT NULL;

ALTER TABLE "changes_head" ADD CONSTRAINT "changes_head_one_check" CHECK ("one");

-- Two small tables that are written all the time.
ALTER TABLE "unnumbered" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE "changes_head" SET (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Whether strangers may know of an event: the one place that says so.
CREATE FUNCTION "event_is_public"("e" "events") RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT e.subject_type IN ('tag', 'source')
    OR (e.subject_type = 'article' AND e.type LIKE 'article.%' AND ('latest' = ANY (e.keys) OR e.type = 'article.purged'))
$$;

-- A name of at most 63 bytes, whatever the schema is called.
CREATE FUNCTION "changes_channel"() RETURNS text LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
  RETURN 'khobor_' || md5(current_schema());
END $$;

-- Gives positions to up to `at_most` events, in the order of their numbers. One caller at a time in this schema: `moved` is
-- null for the others. The lock is taken in a statement before the one that reads, which then sees all that the caller
-- before has committed.
CREATE FUNCTION "number_events"("at_most" INTEGER, OUT "moved" INTEGER, OUT "first" BIGINT, OUT "last" BIGINT)
LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
  head changes_head;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('khobor changes ' || current_schema(), 0)) THEN
    RETURN;
  END IF;
  SELECT * INTO STRICT head FROM changes_head;
  WITH taken AS (
    DELETE FROM unnumbered WHERE event_seq = ANY (ARRAY(SELECT u.event_seq FROM unnumbered u ORDER BY u.event_seq LIMIT at_most))
    RETURNING event_seq
  ), judged AS (
    SELECT e.seq, event_is_public(e) AS public FROM taken t JOIN events e ON e.seq = t.event_seq
  ), added AS (
    INSERT INTO changes (position, event_seq, public_position)
    SELECT head.position + row_number() OVER (ORDER BY seq), seq,
      CASE WHEN public THEN head.public_position + count(*) FILTER (WHERE public) OVER (ORDER BY seq) END
    FROM judged
    RETURNING changes.position, changes.public_position
  )
  SELECT (SELECT count(*) FROM taken), min(a.position), max(a.position), coalesce(max(a.public_position), head.public_position)
    INTO moved, first, last, head.public_position FROM added a;
  IF last IS NULL THEN
    RETURN;
  END IF;
  UPDATE changes_head SET position = last, public_position = head.public_position;
  PERFORM pg_notify(changes_channel(), first || ' ' || last);
END $$;

-- Under whatever program an event is written, that of the version before too.
CREATE FUNCTION "event_unnumbered"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO unnumbered (event_seq) VALUES (NEW.seq);
  RETURN NULL;
END $$;

-- What there is until now, while others go on writing.
INSERT INTO "changes" ("position", "event_seq", "public_position")
SELECT row_number() OVER (ORDER BY e."seq"), e."seq",
  CASE WHEN event_is_public(e) THEN count(*) FILTER (WHERE event_is_public(e)) OVER (ORDER BY e."seq") END
FROM "events" e;

INSERT INTO "changes_head" ("position", "public_position")
SELECT coalesce(max("position"), 0), coalesce(max("public_position"), 0) FROM "changes";

-- From here on others wait: what they wrote meanwhile is numbered by whoever comes first.
CREATE TRIGGER "events_unnumbered" AFTER INSERT ON "events" FOR EACH ROW EXECUTE FUNCTION "event_unnumbered"();

INSERT INTO "unnumbered" ("event_seq")
SELECT e."seq" FROM "events" e WHERE NOT EXISTS (SELECT FROM "changes" c WHERE c."event_seq" = e."seq");

-- DropIndex
DROP INDEX "events_tx_id_seq_idx";
