# N26, a direct debit.
direct-debit-action = What should we do with the Direct Debit?
direct-debit-action-set-up = Set up a new one
direct-debit-action-change = Change the bank account or the day
direct-debit-action-cancel = Cancel it
direct-debit-action-missing = Select what we should do with the Direct Debit
direct-debit-bank = Which bank account should we collect from?
direct-debit-bank-hint = Its holder must be on the bill
direct-debit-bank-account-holder = Name on the account
direct-debit-bank-account-holder-missing = Enter the name on the account
direct-debit-bank-sort-code = Sort code
direct-debit-bank-sort-code-hint = Must be 6 digits long
direct-debit-bank-sort-code-missing = Enter a sort code
direct-debit-bank-account-number = Account number
direct-debit-bank-account-number-hint = Must be 8 digits long. If it has 7, put a 0 before it.
direct-debit-bank-account-number-missing = Enter the number of the bank account
direct-debit-day = On which day of the month should we collect?
direct-debit-day-hint = From 1 to 28. Leave this empty if any day will do.

# N27, instalments.
instalment-choice-number = How many payments a year?
instalment-choice-number-10 = 10, with two months free
instalment-choice-number-12 = 12, one each month
instalment-choice-number-missing = Select how many payments a year
instalment-choice-day = On which day of the month do payments fall?
instalment-choice-day-hint = From 1 to 28. Leave this empty to keep the day.

# N28, bills by email.
paperless-how = How should bills come?
paperless-how-email = By email
paperless-how-paper = On paper, by post
paperless-how-missing = Select how bills should come
paperless-email = Which email address should bills go to?
paperless-email-missing = Enter the email address that bills should go to

# N29, a refund.
refund-request-reason = Why should there be a refund?
refund-request-reason-hint = In a few words, for example that you moved out
refund-request-reason-hint--as-third-party = In a few words, for example that they moved out
refund-request-reason-hint--as-executor = In a few words, for example that the home was sold
refund-request-reason-hint--as-solicitor = In a few words, for example that the home was sold
refund-request-amount = How much should it be?
refund-request-amount-hint = Leave this empty if it is not known. For example, 120.50
refund-request-bank = Which bank account should it go to?
refund-request-bank-hint = It is quickest to the account that we collected from
refund-request-bank-account-holder = Name on the account
refund-request-bank-account-holder-missing = Enter the name on the account
refund-request-bank-sort-code = Sort code
refund-request-bank-sort-code-hint = Must be 6 digits long
refund-request-bank-sort-code-missing = Enter a sort code
refund-request-bank-account-number = Account number
refund-request-bank-account-number-hint = Must be 8 digits long. If it has 7, put a 0 before it.
refund-request-bank-account-number-missing = Enter the number of the bank account
refund-request-consent = Does everyone on the bill agree?
refund-request-consent-alone = There is only one name on the bill
refund-request-consent-agreed = Yes, everyone agrees
refund-request-consent-not-asked = No, or they were not asked
refund-request-consent-missing = Select whether everyone on the bill agrees

# N34, a copy of a bill, or time to pay it.
copy-bill-what = What do you need?
copy-bill-what--as-third-party = What do they need?
copy-bill-what-copy-bill = A copy of a bill
copy-bill-what-payment-arrangement = More time to pay
copy-bill-what-hardship = Help because of hardship
copy-bill-what-missing = Select what you need
copy-bill-what-missing--as-third-party = Select what they need
copy-bill-year = Which year is the bill for?
copy-bill-year-hint = For example 2015/16. Leave this empty for the latest bill.
