INSERT INTO tallies_ready (formula) VALUES ({formula:String})
