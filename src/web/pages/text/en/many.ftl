# Many changes of tenants from a spreadsheet.
many-title = Tell us about tenants in many homes
many-lead = For landlords, agents and housing associations. Send one spreadsheet with a row for each change of tenants. We check every row before anything is sent.
many-columns = What the columns are called
many-column-landlord = Landlord: who lets the home
many-column-tenants = Tenant Names: with titles, separated by commas; blank if nobody moved in
many-column-reference = Property Reference: yours or ours, if you have one
many-column-address = Property Address: with its postcode
many-column-furnished = Furnished: YES, or blank
many-column-start = Start Date: the first day of the tenancy, like 27/09/2016
many-column-end = End Date: the last day of the tenancy
many-role = Who are you?
many-role-landlord = The landlord
many-role-agent = An agent who manages homes for others
many-role-missing = Select whether you are the landlord or an agent
many-name = Your name, or that of your firm
many-name-missing = Enter your name, or that of your firm
many-email = Email address (optional)
many-file = The spreadsheet
many-file-hint = XLSX or CSV, at most 1 MB and 2,000 rows
many-look = Check the rows
many-shown-title = Check the rows
many-sent-title = What happened with each row
many-rows = The rows of the file
many-can = { $n ->
    [one] 1 row can be sent.
   *[other] { $n } rows can be sent.
}
many-bad = { $n ->
    [0] No row has to be put right.
    [one] 1 row has to be put right first.
   *[other] { $n } rows have to be put right first.
}
many-send = { $n ->
    [one] Send 1 row
   *[other] Send { $n } rows
}
many-sent = { $n ->
    [one] We have 1 row.
   *[other] We have { $n } rows.
}
many-head-row = Row
many-head-address = Address
many-head-tenants = Tenants
many-head-reference = Reference
many-head-stands = What happens
many-good = Ready
many-officer = An officer looks at it
many-wrong = Put this right
many-not-sent = Not sent: try this row again
many-put-right = Download the rows that have to be put right (CSV)
