-- Calendars close on the public holidays of a country, but for those people work through.

ALTER TABLE calendar
    ADD COLUMN country text COLLATE "C",
    ADD COLUMN worked  text[] COLLATE "C" NOT NULL DEFAULT '{}';   -- keys of holidays that are worked
