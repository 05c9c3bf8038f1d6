-- The first try of a delivery: waits between tries are counted from it, not from the promise.
ALTER TABLE delivery ADD COLUMN first_tried_at timestamptz;
