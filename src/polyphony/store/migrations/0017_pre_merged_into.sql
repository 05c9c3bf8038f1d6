-- Who is deleted is looked for in what was merged into him: without an index that is a walk through everything, per row.
CREATE INDEX case_merged_into ON case_ (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX customer_merged_into ON customer (merged_into) WHERE merged_into IS NOT NULL;
