-- What is kept of some keys. A value that was written twice is the same twice.
SELECT key, value FROM kept WHERE about = {about:String} AND key IN (SELECT arrayJoin(JSONExtract(unhex({keys:String}), 'Array(String)')))
