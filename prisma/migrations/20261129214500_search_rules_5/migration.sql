-- The fifth version of the rules, whose entries have a key of the day of publication. Where articles have entries by an earlier
-- one, searches go on reading those until a reindex.
UPDATE "settings" SET "value" = '5' WHERE "name" = 'search rules' AND "value" IN ('1', '2', '3', '4') AND NOT EXISTS (SELECT FROM "search_entries");
