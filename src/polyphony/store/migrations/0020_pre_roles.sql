-- Roles are data: which rights each gives. The four built-in ones are those of the domain.

CREATE TABLE role (
    id       uuid PRIMARY KEY,
    key      text COLLATE "C" NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9_]{1,39}$'),
    name     text NOT NULL,
    note     text NOT NULL DEFAULT '',
    rights   text[] NOT NULL DEFAULT '{}',
    built_in boolean NOT NULL DEFAULT false,
    version  bigint NOT NULL DEFAULT 1
);
INSERT INTO role (id, key, name, built_in, rights) VALUES
  ('00000000-0000-0000-0000-000000000001', 'agent', 'Agent', true, '{take,write}'),
  ('00000000-0000-0000-0000-000000000002', 'supervisor', 'Supervisor', true,
   '{assign,listen,share,supervise,write}'),
  ('00000000-0000-0000-0000-000000000003', 'admin', 'Administrator', true,
   '{channels,configure,operate,overview,people,publish,roles,rules,structure}'),
  ('00000000-0000-0000-0000-000000000004', 'auditor', 'Auditor', true, '{examine,overview}');

ALTER TABLE person_role
    DROP CONSTRAINT person_role_role_check,
    ADD CONSTRAINT person_role_role_fkey FOREIGN KEY (role) REFERENCES role (key);
CREATE INDEX person_role_role ON person_role (role);
