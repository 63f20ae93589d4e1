-- What the KPI statements share; it stands between facts_with.sql and their SELECT.
-- at: the days on which people are placed and access is judged, at most 64. Sets of these days are bits of a number:
-- bit i stands for at[i + 1].
,
    {at:Array(Date)} AS at,
    arrayMap(i -> bitShiftLeft(toUInt64(1), i), range(length(at))) AS bits,
    arraySum(bits) AS every,
    -- Who is in which unit on which of the days.
    placed AS
    (
        SELECT person, unit, arraySum(arrayMap((day, bit) -> if(day BETWEEN first_day AND last_day, bit, 0), at, bits)) AS here
        FROM membership
        WHERE first_day <= arrayMax(at) AND last_day >= arrayMin(at)
    ),
    toUInt16(1) AS all_tools,
    -- Who has a licence of which tool on which of the days, or of any tool.
    granted AS
    (
        SELECT person, number AS tool, groupBitOr(arraySum(arrayMap((day, bit) -> if(day BETWEEN first_day AND last_day, bit, 0), at, bits))) AS granted_on
        FROM licences FINAL
        ARRAY JOIN [toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0))), all_tools] AS number
        WHERE first_day <= arrayMax(at) AND last_day >= arrayMin(at)
        GROUP BY person, number
    ),
    -- Tools that have a licence row; the others are open to everyone. All together are open where one of them is.
    licensed AS
    (
        SELECT arrayJoin(arrayPushBack(groupUniqArray(toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0)))), if({all_open:Bool}, toUInt16(0), all_tools))) AS tool
        FROM licences
    )
