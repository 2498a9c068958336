# What is written to submitters. A subject and a text for each moment.
received-subject = We have received what you told us
received = We have received what you told us. We will write again when we have looked at it.
referred-subject = An officer will look at what you told us
referred = One of our officers needs to look at what you told us. We expect to do that by { $date }.
asked-subject = We need something from you
asked = We need something from you before we can go on. Please send it by { $date }. If you cannot, tell us by then.
applied-subject = We have done what you told us
applied = What you told us has taken effect: we have changed our records.
duplicate-subject = We knew this already
duplicate = We knew already what you told us. You need not do anything.
rejected-subject = We could not do what you told us
rejected = We could not use what you told us as it stands. Nothing has changed. Look why, and tell us again if you need to.
withdrawn-subject = You have taken back what you told us
withdrawn = You have taken back what you told us. Nothing has changed.
looking-subject = We are looking at what you told us
looking = We are looking at what you told us.
reversed-subject = We have undone the change you told us about
reversed = We have undone the change that you told us about.
restored-subject = The change you told us about counts again
restored = The change that you told us about counts again.

# What stands in every message.
council = Your council
subject-with-reference = { $subject } ({ $reference })
your-reference = Your reference: { $reference }
see-more = See what has happened so far, and what you can do now:
quote-reference = To ask about it, quote this reference when you write to us.
nobody-reads = Nobody reads answers to this message. If you did not tell us anything about council tax, somebody gave us your address by mistake: you need not do anything.

# The link with which somebody comes back to their answers.
link-subject = Your link to carry on with your council tax change
link = You asked us to send you this link. With it you carry on where you stopped:
link-not-sent = We have not received your change yet. Your answers are kept until { $date }, then they are deleted.
link-secret = Anyone who has this link can see your answers. Do not pass this message on.
link-by-mistake = Nobody reads answers to this message. If you did not ask for a link, somebody gave us your address by mistake: delete this message.
