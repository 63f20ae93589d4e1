SELECT unit, date, value
FROM outcomes FINAL
WHERE metric = unhex({metric:String})
  AND unit IN (SELECT arrayJoin(JSONExtract(unhex({units:String}), 'Array(String)')))
  AND date BETWEEN {first:Date} AND {last:Date}
