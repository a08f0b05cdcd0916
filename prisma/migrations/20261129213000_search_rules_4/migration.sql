-- The fourth version of the rules. Where articles have entries by an earlier one, searches go on reading those until a reindex.
UPDATE "settings" SET "value" = '4' WHERE "name" = 'search rules' AND "value" IN ('1', '2', '3') AND NOT EXISTS (SELECT FROM "search_entries");
