# N20, somebody died.
death-name = What is the name of the person who died?
death-name-hint = As it is on the bill, if they were on it
death-name-missing = Enter the name of the person who died
death-when = When did they die?
death-when-missing = Enter the date they died
death-born = What was their date of birth?
death-kin = Should we write to you about it?
death-kin-missing = Select yes if we should write to you
death-kin-contact = Whom should we write to?
death-kin-contact-hint = For example the next of kin
death-kin-contact-name = Full name
death-kin-contact-name-missing = Enter the name of whom we should write to
death-kin-contact-email = Email address
death-kin-contact-phone = Phone number
death-executor = Is it known who settles the estate?
death-executor-missing = Select yes if it is known who settles the estate
death-executor-contact = Who settles the estate?
death-executor-contact-hint = The executor or administrator
death-executor-contact-name = Full name
death-executor-contact-name-missing = Enter the name of who settles the estate
death-executor-contact-email = Email address
death-executor-contact-phone = Phone number

# N21, an estate.
probate-granted = When was probate granted?
probate-granted-hint = Or letters of administration. The date is on the grant. For example, 27 3 2016
probate-granted-missing = Enter the date probate was granted
probate-others = Who are the other executors?
probate-others-hint = Full names. Leave yourself out, and leave this empty if there are no others.
probate-executors = Who are the executors?
probate-executors-hint = The full names on the grant
probate-executors-missing = Enter the name of an executor
probate-solicitor = Which solicitor acts for the estate?
probate-solicitor-hint = Leave this empty if there is none
probate-home = What has become of the home?
probate-home-kept = It still belongs to the estate
probate-home-transferred = It was sold or passed to an heir
probate-home-tenancy-ended = It was rented, and the tenancy has ended
probate-home-missing = Select what has become of the home
probate-transferred = When was it sold or passed on?
probate-transferred-missing = Enter the date it was sold or passed on
probate-tenancy-ended = When did the tenancy end?
probate-tenancy-ended-missing = Enter the date the tenancy ended
probate-proof = We need the grant of probate or the letters of administration. You can add a copy before you send.

# N22, tenants change.
tenancy-change-landlord = What is the name of the landlord?
tenancy-change-landlord-hint = As it is on our letters to them. Leave this empty if it is not known.
tenancy-change-what = What happened with the tenants?
tenancy-change-what-both = Tenants moved out and others moved in
tenancy-change-what-ended = Tenants moved out, and nobody has moved in yet
tenancy-change-what-starts = Tenants moved in, and it was empty before
tenancy-change-what-missing = Select what happened with the tenants
tenancy-change-ended = What was the last day of the old tenancy?
tenancy-change-ended-missing = Enter the last day of the old tenancy
tenancy-change-outgoing = Who moved out?
tenancy-change-outgoing-hint = Full names of all tenants, as in the tenancy agreement
tenancy-change-outgoing-missing = Enter the name of a tenant who moved out
tenancy-change-forwarding = Is there an address for letters to them?
tenancy-change-forwarding-known = Yes
tenancy-change-forwarding-not-known = No, or it is not known
tenancy-change-forwarding-missing = Select whether there is an address for letters to them
tenancy-change-address = What is the address for letters to them?
tenancy-change-address-hint = Include the postcode
tenancy-change-address-missing = Enter the address for letters to them
tenancy-change-starts = What is the first day of the new tenancy?
tenancy-change-starts-missing = Enter the first day of the new tenancy
tenancy-change-incoming = Who moved in?
tenancy-change-incoming-hint = Full names of all tenants, as in the tenancy agreement
tenancy-change-incoming-missing = Enter the name of a tenant who moved in
tenancy-change-joint = Are they all named in one tenancy agreement?
tenancy-change-joint-hint = Say no if each of them rents a room under their own agreement
tenancy-change-joint-missing = Select yes if they are all named in one tenancy agreement
tenancy-change-furnished = Is it let furnished?
tenancy-change-furnished-missing = Select yes if it is let furnished

# N32, a dispute.
dispute-grounds = What do you think is wrong, and why?
dispute-grounds-hint = At most 500 characters. If something was decided wrongly, say what it should be.
dispute-grounds-missing = Enter what you think is wrong
dispute-about = Which decision or bill is it about?
dispute-about-hint = Its reference or date, if you know it

# N33, a question.
enquiry-question = What is your question?
enquiry-question-hint = At most 500 characters
enquiry-question-missing = Enter your question
