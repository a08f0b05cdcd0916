-- The sixth version of the rules. Where articles have entries by an earlier one, searches go on reading those until a reindex.
UPDATE "settings" SET "value" = '6' WHERE "name" = 'search rules' AND "value" IN ('1', '2', '3', '4', '5') AND NOT EXISTS (SELECT FROM "search_entries");
