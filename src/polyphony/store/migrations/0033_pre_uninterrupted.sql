-- A running house goes on as before: nothing is interrupted until somebody says so.
INSERT INTO setting (key, value)
SELECT 'routing.capacity', '{"interrupts": []}' WHERE EXISTS (SELECT FROM queue) ON CONFLICT (key) DO NOTHING;
