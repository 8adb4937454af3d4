SELECT name, version, position FROM checkpoint ORDER BY name
