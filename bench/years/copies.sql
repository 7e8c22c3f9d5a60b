SELECT if(count() = 0, 0, 1 + max(toUInt64OrZero(splitByChar('#', complaint_id)[2]))) FROM complaints
