-- The last text of a window, newest first; nothing when the window holds all.
SELECT before, complaint_id
complaints_of_search
ORDER BY before, complaint_id
LIMIT 1 OFFSET {skip:UInt64}
