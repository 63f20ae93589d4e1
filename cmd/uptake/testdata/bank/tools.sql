INSERT INTO tools (tool, name, category, vendor, seats, version)
SELECT tool, upper(tool), 'office', 'A vendor', if(tool = 'mail', 0, toUInt32({people:UInt64} * 0.9)), 1
FROM (SELECT arrayJoin(['chat', 'wiki', 'files', 'meetings', 'board', 'mail']) AS tool)
