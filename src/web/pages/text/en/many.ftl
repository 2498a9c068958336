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
many-sent-back = We would send this back
many-wrong = Put this right
many-not-sent = Not sent: try this row again
many-file-too-large = The file is too large. Send at most 1 MB and 2,000 rows at a time
many-file-too-many-rows = The file has more than 2,000 rows. Split it, and send the parts one by one
many-file-unreadable = We cannot read the file. Save it as XLSX or CSV, without a password, and send it again
many-file-several-sheets = The file has rows on more than one sheet. Send one file for each sheet
many-file-no-header = There is no row with the names of the columns. The first row must be { $columns }
many-file-missing-column = The column { $column } is missing. Add it with this name, and leave it blank where there is nothing to say
many-file-unknown-column = There is no column called { $column } in our list. Take it out
many-file-column-twice = The column { $column } is there twice. Take one of them out
many-file-no-rows = The file has no rows. Write one row for each move
many-file-uploader = Check your name and your email address: something in them cannot be right
many-gone-title = We do not have this file any more
many-gone-why = A file that is not sent is deleted after a day, and what became of one that was sent after 28 days. The link may also be incomplete.
many-gone-next = If you sent it, use the references in your messages, or send the file again: we take each row once.
many-gone-again = Send the file again
many-put-right = Download the rows that have to be put right (CSV)
