# Whom a change is about, in many kinds.
option-whose-me = Me
option-whose-other = Someone else who lives with me

# N04, a person has another name.
change-of-name-whose = Whose name has changed?
change-of-name-whose-other = Someone else on the bill
change-of-name-whose-missing = Select whose name has changed
change-of-name-person = What was their name before?
change-of-name-person-hint = As it is on the bill
change-of-name-person-missing = Enter their name before the change
change-of-name-new = What is the new name?
change-of-name-new-hint = The full name, with a title if there is one
change-of-name-new-missing = Enter the new name
change-of-name-when = When did the name change?
change-of-name-when-hint = If it was always spelled wrongly, give today’s date. For example, 27 3 2016
change-of-name-when-missing = Enter the date the name changed
change-of-name-reason = Why has it changed?
change-of-name-reason-marriage = Marriage or civil partnership
change-of-name-reason-deed-poll = Deed poll
change-of-name-reason-spelling-correction = It was spelled wrongly
change-of-name-reason-other = Another reason
change-of-name-reason-missing = Select why the name has changed
change-of-name-proof = We need proof of the new name, such as a marriage certificate or a deed poll. You can add it before you send. To put right a single letter, no proof is needed.

# N05, how to reach a person.
contact-details-what = Which details have changed?
contact-details-what-hint = Select all that apply
contact-details-what-email = Email address
contact-details-what-phone = Phone number
contact-details-what-address = Address for letters
contact-details-what-missing = Select which details have changed
contact-details-email = What is the new email address?
contact-details-email-missing = Enter the new email address
contact-details-phone = What is the new phone number?
contact-details-phone-missing = Enter the new phone number
contact-details-address = Where should letters go from now on?
contact-details-address-hint = Include the postcode. This does not tell us of a move: if someone has moved, tell us of the move as well.
contact-details-address-missing = Enter the address for letters

# N06, somebody joined the household.
occupier-joined-person = What is the name of the person who moved in?
occupier-joined-person-hint = Tell us about one person here. For another, send a second change.
occupier-joined-person-missing = Enter the name of the person who moved in
occupier-joined-when = When did they move in?
occupier-joined-when-missing = Enter the date they moved in
occupier-joined-born = What is their date of birth?
occupier-joined-born-hint = Needed only if they are under 20. Nobody is counted before they are 18. For example, 27 3 1998
occupier-joined-previous = Where did they live before?
occupier-joined-group = Does any of these apply to them?
occupier-joined-group-hint = Then we may not count them, and the bill may stay as it is
occupier-joined-group-none = No, none of these
occupier-joined-group-student = They are a full-time student
occupier-joined-group-impaired = They have a severe mental impairment, for example dementia
occupier-joined-group-missing = Select whether any of these applies to them
occupier-joined-care = What do they do?
occupier-joined-care-missing = Select what they do
occupier-joined-away = Where are they?
occupier-joined-away-missing = Select where they are
occupier-joined-young = Which of these applies to them?
occupier-joined-young-missing = Select which of these applies
occupier-joined-study = Which of these applies to them?
occupier-joined-study-missing = Select which of these applies
occupier-joined-rest = Which of these applies to them?
occupier-joined-rest-missing = Select which of these applies

# N07, somebody left the household.
occupier-left-person = What is the name of the person who moved out?
occupier-left-person-hint = Tell us about one person here. For another, send a second change.
occupier-left-person-missing = Enter the name of the person who moved out
occupier-left-when = When did they move out?
occupier-left-when-missing = Enter the date they moved out
occupier-left-address = Where do they live now?
occupier-left-address-hint = Leave this empty if you do not know
occupier-left-address-hint--as-third-party = Leave this empty if it is not known
occupier-left-adults = How many adults live there now?
occupier-left-adults-hint = Count everyone aged 18 or over, with yourself
occupier-left-adults-hint--as-third-party = Count everyone aged 18 or over
occupier-left-adults-missing = Enter how many adults live there now

# N08, somebody is to be on the bill.
liable-person-added-person = Who should be added to the bill?
liable-person-added-person-hint = Tell us about one person here. For another, send a second change.
liable-person-added-person-missing = Enter the name of the person to be added
liable-person-added-relationship = Why should they be on the bill?
liable-person-added-relationship-spouse = They are married to someone on the bill
liable-person-added-relationship-civil-partner = They are in a civil partnership with someone on the bill
liable-person-added-relationship-couple = They live as a couple with someone on the bill
liable-person-added-relationship-joint-tenant = They are named in the tenancy agreement
liable-person-added-relationship-joint-owner = They own the home with someone on the bill
liable-person-added-relationship-missing = Select why they should be on the bill
liable-person-added-when = Since when should they be on the bill?
liable-person-added-when-hint = The day they moved in, married, or became a tenant or owner, whichever came last. For example, 27 3 2016
liable-person-added-when-missing = Enter the date from which they should be on the bill
liable-person-added-before = Did they live there before that day?
liable-person-added-before-missing = Select yes if they lived there before that day
liable-person-added-proof-spouse = We need the marriage certificate. You can add it before you send.
liable-person-added-proof-civil-partner = We need the civil partnership certificate. You can add it before you send.
liable-person-added-proof-couple = You need no proof. An officer looks at it.
liable-person-added-proof-joint-tenant = We need the tenancy agreement. You can add it before you send.
liable-person-added-proof-joint-owner = We need the title deed, a mortgage statement or the completion statement. You can add it before you send.

# N09, somebody is no longer to be on the bill.
liable-person-removed-whose = Who has left?
liable-person-removed-whose-other = Someone else on the bill
liable-person-removed-whose-missing = Select who has left
liable-person-removed-person = What is the name of the person who has left?
liable-person-removed-person-hint = As it is on the bill. If they tell us themselves, it is done sooner.
liable-person-removed-person-missing = Enter the name of the person who has left
liable-person-removed-when = What was the first day that the person no longer lived there?
liable-person-removed-when-missing = Enter the first day that the person no longer lived there
liable-person-removed-address = Where should letters to them go now?
liable-person-removed-address-hint = Leave this empty if it is not known
