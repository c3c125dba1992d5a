-- What people's queries may read: users by their keys instead of numbers, values without the marks of their storage.
-- The key of each number as it is written outside; queries of people do not read it themselves.
CREATE OR REPLACE VIEW user_keys AS
SELECT number, multiIf(
    kind = 'account' AND NOT match(key, '^(account|wallet|social|device|anonymous):'), key,
    kind = 'wallet' AND match(key, '^0x[0-9a-fA-F]+$'), key,
    concat(kind, ':', key)) AS user
FROM users;

-- Every user who is known, each once.
CREATE OR REPLACE VIEW known_users AS
SELECT user FROM user_keys WHERE number NOT IN (
    SELECT identity FROM (SELECT identity, argMax(user, batch) AS owner FROM identity_homes GROUP BY identity)
    WHERE owner != identity
);

-- Behaviour. A property that is explicitly unset, or an object, has no value; a list is its JSON.
CREATE OR REPLACE VIEW user_events AS
SELECT k.user AS user, e.time AS time, e.type AS type, e.name AS name, e.source AS source,
    mapApply((path, value) -> (path, if(startsWith(value, '\x01'), substring(value, 3), value)),
        mapFilter((path, value) -> NOT endsWith(path, '\x01n#') AND value NOT IN ('\x01n', '\x01o'), e.properties))
    AS properties
FROM events AS e INNER JOIN user_keys AS k ON k.number = e.user;

-- Changes of attributes, one row for each; a value that was unset is NULL.
CREATE OR REPLACE VIEW user_attribute_changes AS
SELECT k.user AS user, t.time AS time, t.source AS source, path AS attribute,
    if(startsWith(stored, '\x01'), nullIf(substring(stored, 3), ''), stored) AS value
FROM traits AS t ARRAY JOIN mapKeys(t.traits) AS path, mapValues(t.traits) AS stored
INNER JOIN user_keys AS k ON k.number = t.user
WHERE NOT endsWith(path, '\x01n#') AND stored != '\x01o';

-- The attributes of each user who has any: of each the newest value, unless an object around it was set later.
CREATE OR REPLACE VIEW user_profiles AS
WITH latest AS (
    SELECT user, path, max((time, arrival)) AS at, argMax(stored, (time, arrival)) AS newest
    FROM traits ARRAY JOIN mapKeys(traits) AS path, mapValues(traits) AS stored
    WHERE NOT endsWith(path, '\x01n#')
    GROUP BY user, path
),
together AS (
    SELECT user, groupArray(path) AS paths, groupArray(newest) AS stored, groupArray(at) AS moments FROM latest GROUP BY user
)
SELECT k.user AS user, mapFromArrays(
    arrayMap(kept -> kept.1, held),
    arrayMap(kept -> if(startsWith(kept.2, '\x01'), substring(kept.2, 3), kept.2), held)) AS attributes
FROM (
    SELECT user, arrayFilter(one -> one.2 NOT IN ('\x01n', '\x01o') AND NOT arrayExists(
        (path, at) -> startsWith(one.1, concat(path, '.')) AND at > one.3, paths, moments),
        arrayZip(paths, stored, moments)) AS held
    FROM together
) AS profile INNER JOIN user_keys AS k ON k.number = profile.user
WHERE notEmpty(held);

-- Who has which tag, as the last run left it: a row for each value of a layered tag, the value of a metric tag.
CREATE OR REPLACE VIEW user_tags AS
SELECT k.user AS user, held.tag AS tag, held.value AS value FROM (
    SELECT arrayJoin(bitmapToArray(members)) AS number, tag, value FROM current_tags
    WHERE tag NOT IN (SELECT tag FROM metric_values WHERE run = (SELECT max(run) FROM runs))
    UNION ALL
    SELECT user AS number, tag::String AS tag, value::Nullable(String) AS value FROM metric_values
    WHERE run = (SELECT max(run) FROM runs)
) AS held INNER JOIN user_keys AS k ON k.number = held.number;

-- Who got which tag and who lost it, run by run.
CREATE OR REPLACE VIEW user_tag_changes AS
SELECT k.user AS user, changed.time AS time, changed.tag AS tag, changed.value AS value, changed.change AS change FROM (
    SELECT arrayJoin(bitmapToArray(entered)) AS number, now AS time, tag, value, 'entered' AS change FROM tag_changes
    UNION ALL
    SELECT arrayJoin(bitmapToArray(left)) AS number, now AS time, tag, value, 'left' AS change FROM tag_changes
) AS changed INNER JOIN user_keys AS k ON k.number = changed.number;
