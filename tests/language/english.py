"""A sentence for each rule of English that it finds, written for these tests."""

FOUND = {
    "should-have": "Zanele should never have merged that branch.",
    "should-have-been-adjective": "The engineer should have been more careful with the prompt.",
    "should-have-had": "Priya should have had the sense to ask.",
    "should-have-loose": "The person who made the change should have informed us.",
    "should-have-known": "The on-caller really ought to have escalated sooner.",
    "but-should-have": "Anders did not use it, but should have.",
    "should-have-by": "The bug should have been caught by the reviewer.",
    "could-have": "The engineer might have avoided this by reading the docs.",
    "would-have-if": "Priya would have noticed it if she had looked at the graph.",
    "if-had": "If only Lena had asked before pushing.",
    "if-had-loose": "If the operator had double-checked the hostname, none of this would have happened.",
    "if-only": "If only Lena had asked before pushing.",
    "if-been": "If the reviewer had been paying attention, the bug would never have shipped.",
    "had-x-checked": "Had we known, we would have acted, but Piotr hid the error.",
    "had-x-been": "Had the engineer been paying attention, the disk would not have filled.",
    "supposed-to": "Our SRE, Bilal, was expected to monitor the rollout but he didn't.",
    "supposed-to-alone": "Sanjay was supposed to rotate the certificate in March but did not.",
    "needed-to-have": "The developer needed to have tested this first.",
    "had-the-chance": "The on-call engineer had every opportunity to stop the rollout.",
    "would-have-been-better": "It would have been better for Nadia to wait.",
    "somebody-like-them": "Somebody with Nadia's experience should have seen it.",
    "better-if-they": "It would have been safer if the engineer had asked first.",
    "would-have-been-wiser": "Tomasz would have done better to wait for the second shift.",
    "expected-of": "We would have expected more from the release manager.",
    "was-theirs-to-do": "It was up to Ravi to close the ticket, and he never did.",
    "needed-to-and-did-not": "Kofi needed to tell somebody, and he didn't.",
    "whoever-should": "Whoever approved the change should have asked.",
    "should-have-alone": "Should have consulted the runbook first.",
    "neither-of-whom": "It was approved by two reviewers, neither of whom noticed the missing sign.",
    "and-neither-of-them": "The author and the reviewer had been warned, but neither of them reacted.",
    "by-one-who-did-not": "The table was dropped by an operator who hadn't read the runbook.",
    "after-a-comma-did-not": "The developer began at noon, did not verify the backup and went home.",
    "did-not-call-anyone": "The incident commander did not call anyone for an hour.",
    "person-ignored": "The on-call person had skipped two steps.",
    "did-it-on-purpose": "Ivan did this on purpose.",
    "for-the-third-time": "It is the second time that Ivan has forgotten the certificate.",
    "operator-too-inexperienced": "The operator was too inexperienced for a failover.",
    "conversation-about-it": "HR will have a conversation with the employee involved.",
    "will-have-consequences": "This kind of behaviour will have consequences.",
    "asleep-did-not": "- engineer offline, didn't answer the page",
    "should-test-their-own": "Reviewers must verify their own changes before they merge.",
    "neither-of-two": "Neither Otto nor Britta verified the backup.",
    "assumed-without": "The developer assumed that the API was idempotent without checking.",
    "never-checked": "Camille assumed that the backup was running and never verified it.",
    "forgot": "- Olga: forgot to update the docs",
    "did-forget": "The admin did forget the second host.",
    "forgets": "Omar starts the script and forgets to log it.",
    "failed-to": "Our DBA, Felix, failed to test the backup.",
    "failed-to-human": "The operator who was on shift failed to escalate.",
    "failing-to": "The engineers were not paying attention to the dashboard.",
    "failed-in": "The administrator failed in his duty.",
    "did-not-do-duty": "Ravi did not do his job.",
    "duty-of": "It was Wei's responsibility to check the certificate, and he didn't.",
    "fronted": "Without asking anyone, Milan dropped the index.",
    "overlooked": "@kim_lee missed the review.",
    "overlooked-end": "The line was changed, which Nadia overlooked.",
    "overlooked-by": "The config was botched by the contractor.",
    "went-unnoticed-by": "The wrong limit went unnoticed by the reviewers.",
    "did-not-check": "He just didn't care about the tests.",
    "did-not-check-loose": "The person who approved the change did not read it.",
    "did-not-notice-self": "We did not notice the alert for an hour.",
    "did-not-check-they": "The person who approved the change did not read it.",
    "no-subject": "07:27 saw errors in the log, didn't pay enough attention.",
    "no-subject-forgot": "- Forgot to restart the worker.",
    "unaware": "Lina was unaware of the freeze and deployed anyway.",
    "name-unaware": "10:58: rkold unaware that secrets live there.",
    "fully-aware": "He wasn't fully aware of the workspace.",
    "did-not-occur-to": "It didn't occur to the engineer to check the replication lag.",
    "did-nothing": "The engineers were warned about this in March and did nothing.",
    "neither-nor": "The developer neither tested nor announced the migration.",
    "failed-badly": "The on-call engineer failed miserably.",
    "told-but-anyway": "Greta was warned twice but went ahead anyway.",
    "failure-of": "The failure of the reviewer to spot the bug led to the outage.",
    "possessive-failure": "Due to Maria's inattention, the alert was ignored.",
    "pronoun-failure": "Her failure to escalate cost an hour.",
    "failure-to-human": "The outage was due to failure to follow the runbook.",
    "negligent-to": "The administrator left the console unattended.",
    "let-lapse": "Farid left the debug flag on.",
    "took-too-long": "Claire took far too long to respond to the page.",
    "never-did": "The sysadmin never wrote down the new port.",
    "because-they-did-not": "The certificate lapsed because Lena had not renewed it.",
    "did-not-do": "The analyst did not announce the move to the others.",
    "nobody-bothered": "Nobody in the war room bothered to open the log.",
    "left-out": "Milan left the second region out.",
    "told-nobody": "The contractor restarted the switch and told no one.",
    "said-nothing": "The person who handed over said nothing about the migration.",
    "slipped-the-mind": "The renewal slipped Yusuf's mind.",
    "left-it-on": "The contractor closed the ticket, leaving the port open.",
    "without-even": "Henrik approved the change without even opening the diff.",
    "let-it-lapse": "Gwen saw the reminder and let it lapse.",
    "took-it-for-granted": "The engineer brushed the warning aside.",
    "never-got-round-to": "Svetlana never got round to it.",
    "without-them-having": "The change was merged without Marek having looked at it.",
    "who-then-did-not": "The page went to Aditya, who then took no further action.",
    "took-no-action": "Nadia took no action for an hour.",
    "did-not-even": "The reviewer didn't actually open the diff.",
    "no-regard-for": "The developer renamed the column with no regard for the reports.",
    "broke": "Alice broke the build.",
    "caused": "Negligence by the hosting provider's staff caused the fire.",
    "introduced": "Ben made a stupid mistake.",
    "made-bad-call": "Ben made a stupid mistake.",
    "bad-work": "The new hire pushed broken code to production.",
    "wrong-thing": "| 12:04 | Yusuf typed the wrong hostname |",
    "wrong-thing-loose": "An untrained operator pressed the wrong button.",
    "mistake-passive": "The database was dropped by Anna by mistake.",
    "by-mistake-by": "The volume was deleted by mistake by one of the operators.",
    "mistakenly-by": "The table was accidentally dropped by Priya.",
    "mistakenly": "Hannah carelessly dropped the table.",
    "mistakenly-after": "The engineer deleted the bucket by mistake.",
    "by-mistake-clause": "The engineer ran destroy for a test host, and it was on a live one by mistake.",
    "caused-by-person": "The config was botched by the contractor.",
    "bug-introduced-by": "The mistake was made by a junior developer.",
    "caused-by-deed": "Due to Maria's inattention, the alert was ignored.",
    "deed-broke": "Priya's deploy broke the site.",
    "root-cause-was-person": "The root cause was Priya.",
    "root-cause-was-persons": "The cause was Priya's change.",
    "mistake-by": "The mistake was made by a junior developer.",
    "on-the-part-of": "Poor judgement on Noah's part.",
    "persons-mistake": "Fatima's mistake cost us two hours.",
    "loose-mistake": "The operator's mistake was to trust the prompt.",
    "cost-us": "Oscar Lindqvist cost us four hours.",
    "confused": "Zoë confused staging with production.",
    "is-the-cause": "The contractor was the cause of the outage.",
    "traced-to-their-deed": "All of it can be traced back to Lena's decision to skip the canary.",
    "because-of-one-person": "Nine hundred orders were lost because of a single developer.",
    "doing-of": "The second outage was the doing of the contractor.",
    "cause-colon-person": "Cause: the administrator on shift.",
    "if-not-for": "Were it not for Milan's mistake, nothing would have happened.",
    "because-of-them-doing": "The data loss was the result of the administrator running a script.",
    "broke-because-they": "The site went down because Milan deleted the record.",
    "own-mistake": "It was my mistake.",
    "fine-until-they": "Everything was working fine until Dmitri started to change it.",
    "deed-by-them-broke": "A change by Milan brought the site down.",
    "traced-to-one-person": "The loss can be traced back to one individual.",
    "the-way-they-did-it": "The cause was the way Sanjay carried it out.",
    "human-error": "Root cause: engineer error.",
    "human-failure": "Omar fat-fingered the IP address.",
    "error-of-operator": "It was a mistake by the night operator.",
    "somebodys-slip": "Behind it was someone's mistake.",
    "error-of-person": "A typing error by the engineer removed the route.",
    "people-making-mistakes": "Most of our outages are down to people making mistakes.",
    "human-factors": "The misconfiguration is explained by human factors.",
    "was-careless": "The contractor was careless.",
    "not-competent": "The technician was not competent.",
    "careless-person": "Tariq was negligent in his review.",
    "carelessness": "Due to Maria's inattention, the alert was ignored.",
    "carelessly": "Hannah carelessly dropped the table.",
    "poor-work-by": "Bad decision-making by the lead prolonged the outage.",
    "lack-of-care": "Poor judgement on Noah's part.",
    "person-lacked": "The engineer lacked the necessary skills.",
    "lack-of-knowledge": "Lack of knowledge on the part of the admin led to it.",
    "persons-lack": "The developer's lack of attention to detail caused the bug.",
    "did-not-understand": "He just didn't care about the tests.",
    "known-better": "Poor judgement on Noah's part.",
    "has-a-habit": "The engineer is known to be sloppy.",
    "typical-mistake": "Typical junior mistake.",
    "cut-corners": "He wanted to go home early and cut corners.",
    "is-a-cowboy": "The new admin is a cowboy.",
    "tends-to": "Priya tends to rush her reviews.",
    "attitude": "He has a poor attitude to testing.",
    "their-work-is-sloppy": "The documentation of the contractor is sloppy.",
    "not-good-enough": "Ravi isn't experienced enough for this shift.",
    "lack-from-person": "There was a lack of ownership from Stefan.",
    "unwise-of-them": "It was negligent of the engineer to leave.",
    "too-junior-for-it": "Too inexperienced for this kind of work, the trainee restarted both.",
    "in-a-panic": "The trainee reacted in panic.",
    "got-complacent": "This is what happens when people get complacent.",
    "does-not-like-to-ask": "Arjun does not like to ask for help.",
    "obvious-to-see": "It should have been obvious that the migration was unsafe.",
    "easily-avoided": "The whole thing could easily have been avoided by the engineer.",
    "anyone-could-see": "Any competent engineer would have seen this.",
    "a-better-one": "A more experienced engineer would have caught this.",
    "common-sense": "With a bit of common sense this would not have happened.",
    "in-the-face": "The problem was staring us in the face.",
    "in-hindsight": "In hindsight, it is obvious that Mei should have stopped.",
    "obviously-person": "Clearly, the developer did not test this.",
    "clearly-should": "This clearly should have been stopped.",
    "clear-warning": "Marta knowingly ignored the warning.",
    "obvious-mistake": "Ben made a stupid mistake.",
    "plain-to-see": "It was plain to see that the disk would fill.",
    "anyone-knows": "Anyone who has run a database knows not to do this.",
    "any-of-them-would-have": "Any engineer looking at the graph would have seen it.",
    "the-signs-were-there": "All the signs were there.",
    "surely-they-saw": "Surely the operator could tell that this was wrong.",
    "why-did": "Why didn't the on-call check the runbook first?",
    "why-subject": "I fail to see why Jorge didn't roll back.",
    "what-thinking": "What was Jonas thinking when he merged this?",
    "why-would-anyone": "Why would anyone deploy on a Friday afternoon?",
    "decision-by": "The decision by Ingrid to skip the canary was reckless.",
    "why-nobody": "Why nobody on the team thought to check the queue depth is beyond me.",
    "beyond-belief": "I fail to see why Jorge didn't roll back.",
    "unacceptable": "The on-call responder took 25 minutes to respond, which is unacceptable.",
    "decision-made-worse": "Gustavo's decision to restart the cluster made things worse.",
    "inexplicably": "It is hard to understand why Eva chose to deploy on a Friday.",
    "bad-decision": "His decision to wait was questionable.",
    "instead-of": "The engineer restarted the host instead of following the runbook.",
    "should-never": "The intern had no business on that host.",
    "how-come": "How come nobody called the vendor?",
    "question-their-judgement": "One has to question the judgement of the supervisor.",
    "their-questionable": "Ravi's questionable decision came first.",
    "strange-choice-by": "Going on was a strange choice by Owen.",
    "why-on-earth": "Why on earth was it restarted?",
    "cannot-see-why": "We cannot see why Esteban would touch the router.",
    "choice-is-inexplicable": "The decision of the on-call to leave the call remains inexplicable.",
    "better-choice-was": "The right thing for Shreya would have been to stop.",
    "makes-no-sense": "It makes no sense that Tomás waited.",
    "own-puzzle": "I do not know why I thought that it was safe.",
    "what-they-were-doing": "One has to ask what Nadia was doing there.",
    "instead-they-chose": "Instead of restoring it, Eduardo chose to rebuild the index.",
    "for-reasons-of-their-own": "For reasons known only to him, the contractor rebooted it.",
    "knowingly": "Marta knowingly ignored the warning.",
    "knowingly-any": "Marta knowingly ignored the warning.",
    "on-purpose-bad": "Milan skipped the review on purpose.",
    "did-not-care": "He just didn't care about the tests.",
    "on-purpose": "Anika, despite being warned, restarted the primary.",
    "knew-and-went-on": "Vikram knew that the alert was real and chose to go on with it anyway.",
    "decided-not-to-say": "The developer decided not to mention the failing test.",
    "rather-than-admit": "Rather than admit it, he closed the ticket.",
    "for-own-benefit": "The engineer skipped a step to make himself look good.",
    "refused": "The admin simply refused to wait.",
    "wanted-to-go-home": "The operator wanted to get home.",
    "presumed-motive": "The developer closed it, presumably to protect the date.",
    "wanted-to-prove": "Ramón wanted to prove that it was faster.",
    "hushed-up": "The problem was kept quiet by the engineer.",
    "did-not-follow": "the engineer obviously didn't read the docs",
    "breached": "Amir broke the change freeze.",
    "no-approval": "Adele did not get approval for the change.",
    "told-not-to": "Peter was told not to touch the config, yet he changed it.",
    "breaching": "Luca deployed without approval.",
    "broke-the-rule-by": "Production was broken by Chen's change to the router.",
    "not-followed": "The change procedure was not followed.",
    "without-by": "The change was made by Luis without following the process.",
    "unauthorised": "The developer deviated from the plan and acted without approval.",
    "was-not-allowed-to": "The student used the root account, which he was not allowed to do.",
    "despite-the-rule": "Despite the freeze, Dmytro pushed a hotfix.",
    "non-compliance-by": "We saw non-compliance with the procedure by the engineer.",
    "against-our-rules": "This is against our rules.",
    "went-around-it": "The developer went around the pipeline.",
    "breaching-passive": "It was applied by Ingrid outside the approved window.",
    "without-what-is-required": "The developer merged it without the mandatory approval.",
    "not-authorised": "Gareth wasn't authorised to make this change.",
    "flouted-it": "There is a rule for this, and Yusuf flouted it.",
    "did-not-stick-to": "Our on-call did not stick to the escalation matrix.",
    "no-approval-by": "No approval had been obtained by the engineer.",
    "although-the-rule-says": "Although the runbook says not to, the on-call restarted all three.",
    "in-disregard-of": "The test ran in disregard of the safety instructions.",
    "persons-fault": "This is Karl's fault.",
    "on-them": "It's on Derek that the backups weren't tested.",
    "ashamed": "The ops team should be ashamed of this.",
    "was-theirs": "The failure to notify customers was Greta's responsibility.",
    "my-fault": "That is completely my fault.",
    "share-the-blame": "Someone has to take the blame for this.",
    "to-blame": "Viktor is to blame for the outage.",
    "responsible-for-harm": "Viktor was responsible for the outage.",
    "person-responsible": "The person responsible will be held accountable.",
    "whoever": "Whoever did this should be fired.",
    "access-revoked": "Mehmet's admin access was revoked as a consequence.",
    "take-responsibility": "Someone has to take the blame for this.",
    "held-accountable": "The person responsible will be held accountable.",
    "blame-person": "The blame lies with the storage team.",
    "punished": "Sara will be reprimanded for this.",
    "disciplinary": "The intern was given a formal warning.",
    "name-and-shame": "His admin privileges must go: remove his access.",
    "fault-lies-with": "The fault lies squarely with the platform engineer.",
    "this-one-is-on": "This one is on Deepa.",
    "take-away-access": "Revoke production access for the engineer involved.",
    "consequences-for-person": "HR has been informed about the engineer.",
    "let-go-after": "The contractor's engagement was ended.",
    "lost-access-for-it": "Stavros has lost his production access.",
    "vendor-to-blame": "The vendor is to blame for the delay.",
    "stop-doing": "People need to stop making changes on Fridays.",
    "be-careful": "Engineers must pay more attention to alerts.",
    "retrain": "Retrain Diego on the deployment procedure.",
    "was-reminded": "The team will be retrained on the deployment process.",
    "needs-training": "The team will be retrained on the deployment process.",
    "remember-to": "- Remember to run the tests.",
    "make-sure-people": "We need to make sure that people actually read the alerts.",
    "everyone-must": "Everyone should double-check their commands.",
    "more-carefully": "Such changes should be processed more carefully.",
    "sensitised": "All admins were sensitised to the importance of reading.",
    "do-not-rush": "Prevention: do not rush.",
    "retake-training": "Zoltan to retake the training by May.",
    "concentrate-better": "Everybody needs to concentrate better at night.",
    "send-on-a-course": "Send the technicians on a course.",
    "avoid-the-same-mistake": "Avoid making the same mistake.",
    "vague-verb": "## Action items\n\n- Improve monitoring",
    "vague-noun": "## Action items\n\n- Better alerts for the queue",
    "no-verb": "## Action items\n\n- Documentation",
    "no-verb-but-a-topic": "## Action items\n\n- Monitoring",
    "no-object": "## Action items\n\n- [ ] Fix it",
    "the-root-cause": "The root cause was Priya.",
    "solely-caused": "It was caused solely by the new kernel.",
    "was-killed": "The pod was killed twice.",
    "some-users": "Some users saw errors.",
    "heated": "Ben made a stupid mistake.",
    "shouting": "It broke again!!!",
    "shouting-alone": "!!!",
    "decision-to": "The decision to skip the canary was reckless.",
    "bad-idea": "Deploying on a Friday was a bad idea.",
    "it-took": "It took Nadia far too long to page the database team.",
    "better-choice": "A wiser choice would have been to fail over first.",
    "slow-to": "The on-call engineer was slow to escalate.",
    "because-of-person": "The queue was lost because of the engineer.",
    "paid-no-attention": "The engineer paid no attention to the warning.",
    "change-without-approval": "The change was rolled out without any approval.",
    "person-is-a": "Piotr is a cowboy.",
    "bears-responsibility": "The release manager bears full responsibility for the outage.",
    "did-not-run-checks": "The developer merged the branch and never ran the unit tests.",
    "relied-on-memory": "Nadia typed the command from memory.",
    "knew-full-well": "The contractor knew perfectly well that this was production.",
    "against-rule-by": "The deploy was done against the procedure by Milan.",
    "worked-around": "The developer got around the approval step.",
    "against-rules": "Nadia used root, which is against the policy.",
    "brushed-aside": "Nadia dismissed the alert as noise.",
    "back-to-sleep": "Hana silenced the page and went back to sleep.",
    "nobody-did": "No one checked whether the backup had finished.",
    "none-of-them": "None of the reviewers caught the inverted flag.",
    "too-junior": "Priya is too junior for this kind of change.",
    "loose-made-mistake": "The operator made a mistake.",
    "wrong-by": "The wrong key was entered by the operator.",
    "thanks-to": "Thanks to Priya we lost two hours of data.",
    "traced-to": "The outage can be traced back to Priya.",
    "traced-to-deed": "The outage was traced back to Priya's script.",
    "went-wrong-when": "Everything went wrong when Priya touched the config.",
    "how-hard": "How hard can it be to read a runbook?",
    "better-thing": "Rolling back at once would have been the right call.",
    "easy-way": "Milan took a shortcut.",
    "put-at-risk": "Milan knowingly put customers at risk.",
    "approved-own": "Milan approved his own pull request.",
    "not-supposed-to": "The contractor was not authorised to run the script.",
    "rule-says-but": "The runbook says to drain first, but Milan did not.",
    "lost-access": "Priya lost her production access.",
    "no-longer-allowed": "Priya will no longer be allowed to deploy.",
    "personnel-matter": "HR has been informed.",
    "idiom-of-punishment": "Heads must roll.",
    "awareness": "Raise awareness of the importance of checking.",
    "never-again": "We must make sure that this never happens again.",
    "more-time": "Operators need to concentrate.",
    "talk-to": "Have a word with Omar.",
    "not-even": "The engineer hadn't even opened the runbook.",
    "any-decent-one": "Any decent engineer takes a backup first.",
    "would-have-taken": "It would have taken her ten seconds to check.",
    "knew-and-did-not": "The team had known of this bug for months and did not fix it.",
    "persons-thing-did": "It was Priya's script that deleted the bucket.",
    "managed-to": "Milan managed to delete the bucket.",
    "finger-points": "The culprit was Priya.",
    "lot-to-answer-for": "The storage team has a lot to answer for.",
    "should-not-be-there": "Priya should not be on call.",
    "boss-was-told": "Priya's manager has been informed.",
    "must-learn": "Priya must learn from this.",
    "typical": "Typical Priya.",
    "persons-knowledge": "Priya's understanding of DNS is poor.",
    "error-of-judgement": "The approval was a grave error of judgement.",
    "careless-to": "It was foolish to trust the script.",
    "doing-it-was": "Leaving the flag on was a serious oversight.",
    "not-doing-it-was": "Not having checked the flag was a mistake.",
    "no-reason-to": "Priya had no reason to touch the flag.",
    "no-need-for": "There was no need for Priya to touch the flag.",
    "lied": "Milan concealed the change.",
    "in-secret": "Milan made the change behind the team's back.",
    "said-but-had-not": "Milan claimed to have tested it, but he had not.",
    "despite-rule": "Milan made the change despite the freeze.",
    "to-save-time": "Milan disabled the check to save time.",
    "took-a-risk": "Milan took an unnecessary risk.",
    "instruct-people": "## Action items\n\n- Always check the host name first",
    "send-reminder": "Send a reminder to all engineers to follow the process.",
    "discipline": "Discipline must improve.",
    "before-the-review": "Milan deployed before the review was done.",
    "whose-fault": "Whose idea was it to deploy on a Friday?",
    "was-nobody-watching": "Why was nobody watching the graph?",
    "how-so": "How could the team be so careless?",
    "this-was-careless": "This was plain careless.",
    "should-never-have-happened": "This should never have happened.",
    "bound-to-happen": "It was bound to fail.",
    "everybody-knew": "Everybody knew that the script was dangerous.",
    "even-a-beginner": "Even an intern would have known.",
    "left-so-by": "The flag was left on by the developer.",
    "due-to-not-doing": "The outage was due to the team not testing the change.",
    "who-was-careless": "The outage was triggered by an engineer who was not paying attention.",
    "timeline-omission": "10:10 on-call engineer ignores the second page.",
    "people-must": "People must read the runbook.",
    "are-reminded": "Engineers are reminded to follow the policy.",
    "hesitated": "The shift lead dithered for half an hour.",
    "made-no-plan": "The migration team made no plan for a rollback.",
    "told-repeatedly": "The developer was told twice to add an index.",
    "will-double-check": "I will double-check the environment before I run anything.",
    "person-who-should-have": "The person who wrote the job should have put a lock around it.",
    "would-have-had-they": "It would have been plain to the reviewer had she opened the diff.",
    "by-now": "Priya ought to know by now how the queue drains.",
    "no-excuse-for-not": "There is no excuse for not testing the restore.",
    "meant-to-and-did-not": "Wei was tasked with rotating the key, but he never did.",
    "operators-failure": "It began with the operator's failure to confirm the host.",
    "participle-after-comma": "Milan, having forgotten to switch the context, deleted the namespace.",
    "did-not-think-of": "The developer did not think of the replicas.",
    "human-idioms": "The author lost track of the rollback step.",
    "operator-overlooked": "The operator overlooked the second prompt.",
    "nobody-told": "Did nobody tell him that the job was still running?",
    "what-broke-it-was": "What took us down was Karin's query.",
    "nobody-but": "Nobody but Lars is at fault.",
    "kept-doing": "Ravi kept ignoring the reminders.",
    "name-for-it": "The person who broke the build was Omar.",
    "single-handedly": "Omar single-handedly took the region offline.",
    "bad-at": "Ravi is terrible at reading logs.",
    "operator-was-careless": "The operator was careless.",
    "inexperience-of": "The inexperience of the operator showed at the second alarm.",
    "could-not-cope": "The trainee could not cope with the pressure.",
    "no-respect": "Greta has no respect for the process.",
    "always-so": "The platform folks are always so complacent.",
    "behaved-badly": "The lead handled the second call poorly.",
    "clearly-never": "Clearly, the migration should never have been started on a Friday.",
    "no-wonder": "No wonder that it broke.",
    "for-some-reason": "The engineer, for some reason, restarted the primary.",
    "thought-it-a-good-idea": "Omar thought it was a good idea to restart both.",
    "jumped-the-gun": "The lead jumped the gun.",
    "blindly-assumed": "The engineer simply assumed that the lock was held.",
    "judgement-at-fault": "Her judgement was clouded by the late hour.",
    "hid-it-from": "Jorge hid the failure from the rest of us.",
    "covered-up": "Kaya covered the mistake up.",
    "did-it-despite": "Greta merged it in full knowledge of the freeze.",
    "operator-deviated": "The operator deviated from the runbook at step four.",
    "strayed-from": "Omar went over the lead's head.",
    "anothers-account": "The contractor logged in with a colleague's password.",
    "ought-to-be-approved": "Omar's change had not been approved.",
    "unauthorised-by": "It was an unauthorised change by the contractor.",
    "deserves-it": "The contractor deserves to be sacked.",
    "have-to-explain": "The contractor will have to explain herself.",
    "must-have-consequences": "Such conduct will not be tolerated.",
    "pin-it-on": "They put the blame squarely on the contractor.",
    "himself-to-blame": "The vendor's engineer has only herself to blame.",
    "banned-from": "The contractor was relieved of his duties.",
    "last-chance": "This was the last warning for the contractor.",
    "stern-words": "The manager had a stern conversation with the contractor.",
    "not-do-this-again": "Make sure that Eva does not do this again.",
    "ask-to-check": "Ask all developers to check the context twice.",
    "supervise-them": "Closer supervision of junior engineers.",
    "one-would-expect": "One would expect a senior engineer to test the rollback.",
    "was-obliged-and-did-not": "The on-call was obliged to call the vendor and waited instead.",
    "need-not-have": "The developer need not have touched production at all.",
    "right-thing-to-do": "The right thing for the operator to do was to stop.",
    "it-only-needed-them-to": "It only needed Jan to read one line.",
    "a-moment-of-thought": "Ten seconds of thought by Lars would have saved us hours.",
    "not-the-sharpest": "Not the sharpest of engineers, Piet missed it again.",
    "thinks-himself-above": "The new developer thinks he is above the process.",
    "works-too-fast": "Anders works too fast and thinks too little.",
    "proved-that-he-cannot": "Once more Omar proved that he cannot follow instructions.",
    "half-asleep": "Samira was half asleep when she took the call.",
    "fit-of-panic": "The engineer had a fit of panic and pulled the plug.",
    "without-a-ticket": "The engineer made the change without raising a ticket.",
    "gave-himself-rights": "The administrator granted himself the permission.",
    "which-it-forbids": "The contractor worked on the live system, which the contract forbids.",
    "rule-that-they-did-not-use": "There is a reason for the checklist, yet Ivana did not use it.",
    "jumped-the-queue": "Marco jumped the approval queue.",
    "thrown-out-of-the-window-by": "Protocol was thrown out of the window by Esther.",
    "operator-left-out": "The operator left out step four of the procedure.",
    "off-the-rota": "We have decided to remove Gregor from the on-call rota.",
    "awkward-questions": "Ramona will be answering some difficult questions.",
    "part-ways-with": "The company will part ways with the contractor.",
    "pay-for-this": "Somebody has to pay for this.",
    "hang-his-head": "Ravi should hang his head in shame.",
    "lost-confidence-in": "Management has lost confidence in Akira.",
    "guilty-developer": "The guilty developer has been identified.",
    "access-withdrawn-from": "Production access has been withdrawn from Benoit.",
    "should-be-replaced": "The team lead should be replaced.",
    "complaint-about": "Consider this a formal complaint about Ernesto.",
    "points-to-them": "Everything points to Chen.",
    "let-it-through": "The reviewer let the debug flag through.",
    "not-one-of-them": "Not one of the five reviewers opened the file.",
    "managed-to-lock": "Enzo managed to lock everyone out.",
    "the-mess-began-when": "The trouble began when Amara tidied up the zone.",
    "made-it-worse": "Milos made matters even worse.",
    "what-made-them-think": "What made Sandro think that this was safe?",
    "was-he-even-looking": "Was the operator even looking at the screen?",
    "would-love-to-know": "I would love to know what Eleni was doing all that time.",
    "of-all-things": "Of all things, Goran chose to reboot the firewall.",
    "drum-into": "Drum into everybody that production is not a playground.",
    "have-them-retrained": "Have Jonas retake the security course.",
    "people-are-to": "Reviewers are to look at every line from now on.",
    "sole-reason": "The sole reason for the outage was a full disk.",
    "for-some-time": "The site was slow for quite some time.",
    "significantly-higher": "Latency was significantly higher than usual.",
    "utter-disaster": "The whole thing was an absolute disaster.",
    "vague-review": "## Action items\n\n- Review the architecture",
    "poorly-trained": "A poorly trained operator pressed reset.",
    "nobody-authorised-them": "Nobody authorised the contractor to touch the firewall.",
    "shared-his-password": "Emil shared his credentials with a consultant.",
}

# None of these blames anybody: a system acts, or a fact is told, or blame is denied.
SILENT = """
Omar kept missing packets in the capture because the filter was too narrow.
Her approach was to drain one node after the other.
Greta merged the change, well aware that it needed a restart afterwards.
Milan's change was not tested on ARM, since there is no runner for it.
Is the operator even installed in this cluster?
Does the agent ever retry?
Engineers have to learn a new query language for this.
The developer has access without filing a request, by design.
Wei was asked to rotate the key and did it on Tuesday.
What took us down was a routing loop.
We do not trust the client's clock.
Gerrit was asked to double-check the range and did.
The form rejects user errors such as a missing zone.
The zone file has a careless mix of tabs and spaces.
Leila disabled the alert on purpose for the maintenance window.
Omar deliberately delayed the rollout to limit the damage.
The engineer intentionally skipped the canary, as agreed in the ticket.
Priya did not know the host name and looked it up in the wiki.
It would be easy to say that the operator should have known better.
Accountability for action items lies with the team that owns the service.
HR was informed since the mail system was down for everyone.
Milan took a quick look at the graph and called the vendor.
The on-call engineer faced a warning dialog.
Priya jumped into the call at 10:05.
The request will not be accepted by the API.
The reviewer let the request through the firewall.
The project is run by volunteers and does not have the ability to direct resources.
Remove Sam Roberts from release team
The pod failed to start.
The alert should have paged the on-call engineer.
Memcached error rates went up.
The query is to blame.
Operator error is never a root cause.
Pietro rolled back the deploy.
We should have a better dashboard.
Mark the incident as resolved before closing.
The engineer's pod failed to start.
Priya's deployment failed to roll out because the image was missing.
The operator failed to reconcile the custom resource.
Bill of materials should have been updated by the pipeline.
May 4: the certificate should have been rotated by the cron job.
The message from Noor failed to arrive.
Grace periods should have prevented this.
The user forgot password flow returned 500.
Users failed to log in for 20 minutes.
The team restored service at 12:40.
The engineer noticed the error and reverted the change.
Anna did not receive the page because the pager was misconfigured.
If an engineer forgets the flag, the tool now refuses to run.
The tool makes it impossible to forget the flag.
The pipeline should have blocked the merge.
Jenkins forgot the build history after the restart.
The scheduler missed its deadline.
The script forgets to close the file handle.
The health check should have failed.
We do not accept human error as a cause.
The review is not about whose fault it was.
Nobody is to blame for this outage.
The page was titled "Human error".
> Priya should have checked this.
The phrase `should have checked` is blameful.
The engineer could not have known that the flag was inverted.
Nothing in the dashboard showed Priya that the queue was full.
The runbook did not mention the flag, so the engineer ran the command on both hosts.
Tomasz paged the database team at 10:02.
The customer reported that the page was broken.
Kafka consumers failed to commit offsets.
Marta did not have access to the console.
Emil deployed version 2.3 at 12:00.
The change was deployed without a canary.
The team was paged at 03:00.
Sven was asleep when the page arrived.
The load balancer is responsible for routing traffic.
The platform team is responsible for the cluster.
The engineer on call restarted the node, which failed to rejoin the cluster.
After Priya restarted the pod, it failed to become ready.
When the reviewer approved the change, the tests had failed to run.
Users should have received an email.
The lead time for changes should have dropped.
Chase the vendor for an update.
Will should be set to true.
The cron job was supposed to run at midnight.
The database was supposed to fail over.
Someone should have access to this page at all times.
The on-call should have a laptop.
The team had never seen this error before.
The developer tested the change in staging, where it passed.
Our monitoring missed the error.
The new service owner has not been decided.
Engineers must have two approvals to merge.
The error message said "user error".
It returned a user error code.
A typo in the config broke the router.
The retry loop made the outage worse.
A deploy took down the cluster.
Human factors research is useful here.
Automation reduces the risk of human error.
To avoid operator error, the tool asks for confirmation.
The primary was accidentally deleted.
The job was not at fault.
It was not Priya's fault.
The engineer was not careless; the tool gave no warning.
We will add a check so that nobody can forget this step.
The certificate expired because the renewal job had failed.
Lucas asked why the job had failed to start.
The alert for the on-call engineer failed to fire.
Deploys by the platform team failed to complete.
The request from the user should have been rejected.
Rosa found that the backup job had failed to run since March.
The engineers ignored in the list below are not on call.
Olga ran the failover by hand and the replica failed to promote.
The agent failed to start on three hosts.
The client should have retried.
Victoria Metrics failed to ingest samples.
Sage failed to connect to the broker.
The Grafana team plugin failed to load.
The owner field should have been set.
We could have lost data.
An attacker could have read the tokens.
The reviewer asked for a test.
Careful rollout limited the impact.
The team decided to roll back.
Aisha triggered the failover at 09:12.
Ines deleted the pod to force a reschedule.
It is clear from the logs that the disk was full.
The fix was obvious once the graph was found.
Each service should have an owner.
In the future the tool should make this clear.
The engineer had no way to see the queue length.
Joel was unable to log in because SSO was down.
Everyone on the call did a great job.
The engineer did not know that the host was production because the prompt did not say so.
The customer's admin was removed from the account.
How did the team respond?
Who was on call?
Why did the alert not fire?
Why did the pods fail to start?
The failover should have happened within 30 seconds.
Clients should have been redirected to the secondary region.
The engineers were paged but the page failed to deliver.
The service owner field failed to sync.
Replication failed and the on-call engineer promoted the standby.
The on-call engineer promoted the standby and replication failed to resume.
Anders checked the logs and found that the broker had missed its heartbeat.
The developer wrote a script that failed to handle empty input.
The job that Mina started failed to finish.
The person on call was asleep and the escalation policy had no second step.
The manager process forgot its state after the restart.
The Kubernetes operator missed the event.
The agent should have reported the metric.
The user agent should have been logged.
The client library ignored the timeout.
The reviewer bot failed to comment.
Support received 40 tickets from customers.
The customer did not receive the invoice.
Priya was not told about the maintenance.
Nobody was told about the maintenance.
The on-call engineer was not paged until 04:12.
The engineer should have been paged at 04:00, but the schedule was empty.
Ravi could see only the aggregate graph, which looked normal.
The team could not have seen this in the dashboard.
The alert was ignored by the deduplication rule.
The limit was missed by the validator.
The config was overwritten by Puppet.
The outage was caused by a change to the router.
The outage was caused by user traffic.
The incident was caused by an operator pod restart loop.
The bug was introduced in version 2.4.
Johan introduced a new flag to control the rollout.
Carla broke the problem into two parts.
Eva broke the deadlock by restarting both workers.
Noah took the node down for maintenance.
Ivan caused a failover on purpose to test the standby.
Bruno deliberately drained the node to reproduce the problem.
The engineer intentionally failed over to the standby.
The team is to be thanked for its quick response.
We thank Lucas for his quick response.
The new policy will be followed by an audit.
The engineer followed the runbook, which was out of date.
The runbook was out of date, so the engineer could not follow it.
The procedure did not cover this case.
The deploy bypassed the canary because the flag was off.
The traffic bypassed the cache.
The request was made without authentication.
Requests without approval headers are rejected.
The change was merged without a test because the harness cannot simulate it.
Sofia merged the change after two approvals.
The responsible service is the queue.
The bug responsible for the crash was fixed.
The fault was in the power supply.
A page fault occurred.
The fault tolerance of the cluster was reduced.
There is no blame here.
This is a blameless review; nobody will be punished.
The certificate was terminated early.
The process was killed and terminated by the kernel.
Terminate the engineer's session after an hour.
The connection was fired from the pool.
An alert was fired at 10:00.
Be aware that the index is large.
Handle deletes carefully: add a confirmation.
Train the model on the new data.
The training job failed to start.
Remind: the cron job posts a reminder to the channel.
The bot reminds the author to add a test.
Add a check that rejects an empty value.
Clearly mark the production prompt.
Obviously wrong values are now rejected.
It became obvious that the disk was failing.
The cause was obvious in the trace.
It was not obvious which host was the primary.
It was easy to roll back.
Why was the flag on by default?
Why do we keep two copies?
How did the engineer find out?
What was the on-call engineer seeing at that time?
Lucky for us, Hana was already online.
Marek did not need to restart the database.
The engineer did not touch the database.
The engineers didn't change anything that day.
Marek did not see an error, because the tool hid it.
The engineer ran the migration, which ignored the lock timeout.
Will the service fail to start?
May have been caused by the retry loop.
Art assets should have been cached.
Hope this helps.
Rich text fields should have been escaped.
Dean of the faculty should receive the mail.
Sky failed to respond to API requests.
Travis failed to build the branch.
Page owners should have been notified by the bot.
Jasmine failed to load the spec.
The developer portal should have shown a warning.
Developer tools failed to load.
The engineering team's dashboard missed the spike.
Team members received the page at 09:00.
The author field was omitted.
Operator: the flag should have been set by Terraform.
We missed our SLO for the month.
We failed over to the secondary region.
We should have an alert for this.
We forgot nothing this time.
Human review is required before a delete.
Manual errors in the spreadsheet import are now rejected.
The dialog guards against human error.
Without a confirmation prompt a slip of the hand is enough.
The tool trusted user input and failed to escape it.
A user mistake should not take down the site.
At 09:14 Samira restarted node 3, which took out the quorum because two nodes were already down.
The engineer ran the cleanup script; it matched production hosts because the inventory was shared.
The deploy was approved by two reviewers and merged at 10:02.
If the primary had failed over, the outage would have lasted two minutes.
Had the circuit breaker been enabled, the retries would have stopped.
The circuit breaker should have opened after five failures.
The on-call engineer acknowledged the page within two minutes.
The outage was mitigated by Mateusz, who rolled back the release.
The customer's requests should have been routed to the healthy region.
Our monitoring failed to detect the increase in latency.
The deployment tool did not check whether the migration had finished.
The tool does not verify that the host is a test host.
The runbook failed to mention the second cluster.
The documentation should have listed the flag.
The system forgot the session after a restart.
The library ignores the timeout when the value is zero.
The cache missed because the key had expired.
The alert was missed because it went to an archived channel.
The bug was missed by our test suite.
The engineer was investigating when the second alert fired.
Samira asked whether the replica should have been promoted.
The team discussed whether the alert should have paged.
We considered what would have happened if the replica had failed.
It is not clear whether the job should have run.
The engineer believed the host was in staging because the prompt showed the staging name.
The engineer assumed that the flag was off, as the dashboard showed.
The engineer made the change at 10:00 and saw no errors.
Leila made a copy of the database.
Leila caused the load test to stop by cancelling the job.
The change caused the outage.
The change by the platform team exposed a latent bug.
The release exposed a mistake in the schema.
The developers and the support staff worked through the night.
The manager thanked the team.
Please remember that this document is blameless.
We do not name individuals, and nobody is held accountable for the outcome.
There was no way for the engineer to tell the two consoles apart.
The alert text did not tell the on-call engineer what to do.
Users forgot to log out is a message in the log.
The user is asked to confirm, so a mistake has no effect.
The confirmation step catches operator mistakes.
Customers should have seen no errors.
Customers were told that the service should have recovered.
The vendor confirmed that their switch failed to boot.
The vendor rolled back the change.
The load balancer ignored the health check.
The controller failed to reconcile because the owner reference was missing.
The manager node failed to elect a leader.
The worker skipped the message.
The agent ignored the config.
The lead was handed over at 14:00.
Handover notes were added by the outgoing on-call engineer.
Escalation took 20 minutes because the contact list was outdated.
The engineer had to wait 20 minutes for access.
The engineer could not reproduce the error.
The developer was not able to reproduce the error.
Raj was on holiday that week.
Raj suggested that the limit be raised.
The certificate's owner had left the company in 2022.
Two engineers worked on the fix in parallel.
What could have gone better: the page took 20 minutes.
Things that went wrong: the failover did not work.
The cluster was left in a degraded state by the failed upgrade.
The data was lost when the disk failed.
Wrong values were written by the importer.
An incorrect value in the template broke the build.
The wrong image was deployed because the tag was reused.
The team agreed that the process was hard to follow.
The process was slow to start.
The engineer quickly found the cause.
Careful analysis showed a race.
The engineer's quick action limited the damage.
The engineer took the database offline for the restore.
Noor took over as incident commander.
The engineer brought the site back up.
Nothing was wrong with the change itself.
Engineers are responsible for their own deploys.
The team responsible for the gateway was paged.
The on-call engineer is responsible for updating the status page.
Who is responsible for the gateway?
The service failed, and Noor was paged.
Noor and the pod failed over.
The team that Noor leads owns the service.
The script written by Noor failed to parse the date.
Noor wrote a script that should have fixed the index.
The page that Noor received did not mention the region.
Noor's message should have reached the channel.
The ticket filed by the customer was overlooked by the triage bot.
The engineer never received the page.
The engineer was not aware of the change because the announcement went to another list.
The developers had to guess the value, since the documentation was missing.
The engineer used the flag that the runbook lists.
The second engineer joined at 10:20 and took over the communication.
The change was made by Luis at 09:30 and announced in the channel.
The deploy by Bianca finished at 11:00.
Yara skipped to step 5 as the runbook says.
The job skipped the hosts that were down.
The platform team should be contacted for access.
Engineers should run the script from the bastion.
The engineer should see a green check mark.
The alert should tell the engineer what to do.
Two engineers could not log in.
The engineer did nothing wrong.
Nothing the engineer did caused the outage.
The tool should not let an engineer delete the volume.
The console let the engineer delete the volume without a prompt.
An engineer can now delete only test volumes.
A developer who forgets the flag now gets an error.
When an engineer misses a page, the secondary is paged.
The rota had a gap, so nobody was paged.
Luis ran the command in the runbook, which removed the volume.
The volume was removed by the command that Luis ran.
The author of the library fixed the bug upstream.
The reviewers approved the change; the diff did not show the generated file.
The review did not show the generated file.
The error was caused by a missing index.
An unknown error was caused by the driver.
The mistake in the template was found at 12:00.
The decision to fail over was made at 12:10 by the incident commander.
The incident commander decided against a failover because the standby lagged.
The engineer ignored the flapping alert, as agreed, until the deploy was over.
The retries were ignored by the server.
We should have received an alert.
We could have failed over sooner if the standby had been ready.
Had the standby been ready, we would have failed over.
The support team answered 60 tickets.
The customer had configured a wrong address.
The customers were sent a wrong invoice by the job.
Wrong credentials were rejected.
The operator pod was evicted.
The operator's log shows the error.
The user's mistake-proof form rejects it.
The responsible disclosure program reported it.
The team took responsibility for the migration.
The on-call engineer kept trying to reach the vendor.
The engineer waited for the cache to expire.
The engineer carefully drained the node.
The engineer typed the command that the runbook gives.
Zoë copied the data from staging to production.
The engineer handed over at 18:00.
The platform team holds the pager on weekends.
The team takes responsibility for the fix.
Access requires approval by two engineers.
The engineer got approval for the change at 09:00.
Approval was given by the change board.
The engineer did not have access to the second account.
The alarm was turned off by the deploy script.
The alarm was muted for maintenance.
Mei deployed on Friday because the customer had asked for it.
The disk was full and nobody could write.
The check would have prevented this if it had run.
A longer timeout would have hidden the problem.
The graph was obvious once the axis was fixed.
Operators can now read the prompt.
The training environment was deleted by the nightly job.
The two clusters have similar names.
The developer thought of a better index.
It takes five minutes to run the check.
The clusters were confused by the split brain.
The reviewers did not have the generated file in front of them.
The alert reached Bilal, who restarted the service.
The engineer's phone was muted by the app's night mode.
The report reached the security team two weeks later.
The password was hard-coded in the image.
The page was answered by the secondary.
The team did not own the service.
The engineers did not have a staging environment.
Rohan restarted the service and checked the dashboard, which was red.
Neither replica verified the checksum.
Magda and Tim were paged and joined within five minutes.
The volume was deleted by one of the clean-up jobs.
The API assumed that the request was idempotent.
The SRE ran `kubectl delete` in the context that the prompt showed.
The engineer was told to use the script, and did.
The engineer should have a checklist.
The alert came in and Paolo acknowledged it.
The script wiped the table because the filter was empty.
The client timed out and did not retry.
The client forgot its session.
The server admin page failed to load.
The server admin page should have loaded.
The consumer failed to ack the message.
The consumer did not check the offset.
The scheduler forgot the job.
The scheduler missed three runs.
The owner field was missed by the importer.
The leader lost quorum.
The leader failed to renew its lease.
The leader should have stepped down.
The follower missed two heartbeats.
The worker forgot its state.
The master failed to replicate.
The broker ignored the heartbeat.
The coordinator failed to commit the transaction.
The agent did not check in for ten minutes.
The agent missed its heartbeat.
The operator failed to reconcile.
The operator did not notice the change of the resource.
The operator should have restarted the pod.
The Postgres operator forgot the replica.
The supervisor should have restarted the process.
The supervisor failed to restart the worker.
The supervisor process missed the signal.
The manager failed to schedule the task.
The resource manager ignored the limit.
The lead replica failed to flush.
The lead node should have been drained.
The deployer failed to start.
The deployer service should have checked the version.
The author field should have been set.
The reviewer bot missed the change.
The reviewer column should have been filled.
The member list should have been refreshed.
The members failed to elect a leader.
The cluster member failed to join.
The admin API failed to validate the token.
The admin console should have asked for confirmation.
The developer portal failed to load.
The engineer role should have had read access.
The commander pod failed to start.
The monitor did not notice the spike.
The watchdog failed to notice the hang.
The guard missed the case.
The user record should have been deleted.
The user agent did not follow the redirect.
The customer record failed to sync.
The client did not follow the redirect.
The client library did not read the header.
The clients should have backed off.
The clients ignored the retry header.
The individual shards failed to allocate.
The caller should have checked the return code.
The caller did not check the result.
The publisher failed to publish the event.
The subscriber missed the event.
The producer should have retried.
The gatekeeper failed to reject the pod.
The provisioner failed to create the volume.
The maintainer script failed to run.
The contributor graph failed to load.
The analyst dashboard failed to load.
The tester job failed to report.
The director node failed to start.
The designer tool should have warned us.
The architect module was broken by the upgrade.
The staff endpoint should have been private.
The team page failed to load.
The team namespace should have had a quota.
The ops queue failed to drain.
The department table failed to replicate.
The QA environment failed to start.
The QA cluster was broken by the upgrade.
The leader election failed to finish.
The engineer queue missed a message.
Nobody is to blame.
No one is to blame for this.
We blame nobody.
We are not looking for somebody to blame.
This document blames no one.
Nobody was at fault.
No one person was responsible for the outage.
It was nobody's fault.
It is not about who was at fault.
Human error: no
Human error? No.
Was it human error? No.
Cause: not human error
We do not believe Dana's change was a mistake.
We do not think that Priya's change was a mistake.
Nobody thinks that Priya made a mistake.
I don't think the engineer made a mistake.
It would be wrong to say that Priya made a mistake.
It would be easy to say that the engineer should have checked.
It is tempting to conclude that the operator was careless.
The question was whether she should have rolled back.
The question is not whether Priya should have checked.
We discussed whether the engineer should have been paged.
Somebody asked if Omar should have waited.
Whether the on-call engineer could have known is an open question.
Should Priya have checked? We think not.
Labels such as 'human error' hide the conditions.
Labels like human error hide the conditions that made it likely.
Terms such as operator error explain nothing.
The label "careless" says nothing.
Words like careless and negligent have no place here.
Calling this human error would stop the analysis.
To call it operator error would end the inquiry.
"Human error" is not a cause.
Human error is not a cause.
Human error is a symptom, not a cause.
Human error is where an analysis begins.
We avoid the term human error.
We do not use the words human error.
Saying that the engineer forgot explains nothing.
Saying that the engineer should have checked explains nothing.
Instead of asking why the engineer did not check, we asked what the tool showed.
We could say that Priya forgot, but that explains nothing.
If an engineer makes a mistake here, the tool catches it.
If someone forgets the flag, nothing happens.
If a developer had forgotten the flag, the tool would have refused.
When an operator makes a mistake, the tool asks.
Even if the engineer had checked, the dashboard would have shown nothing.
Even if Priya had noticed the alert, she could not have stopped it.
Even an experienced engineer could not have seen it.
Omar said that he should have checked, and we disagree.
The vendor claims that the operator made a mistake.
The report of the vendor blames the operator.
Some said that Priya was to blame; the timeline shows otherwise.
A headline said it was human error.
Priya did nothing wrong.
Priya did not do anything wrong.
Nothing that the engineer did was careless.
The engineer was not negligent.
There was no negligence.
There was no human error involved.
No mistake was made by the engineer.
There is no evidence that the operator made a mistake.
We found no evidence of negligence.
It was neither negligence nor bad luck.
This was not a mistake by the operator.
It's not that the engineer was careless.
It is not the engineer's fault that the tool is confusing.
Far from being careless, the engineer checked twice.
The engineer could not have known.
No engineer could have seen this coming.
Nobody could have foreseen this.
The engineer had no reason to check.
The on-call engineer was not expected to know this.
Page failed to load.
Page should have shown an error.
Page did not check the token.
Brook should have been drained.
Will failed to start.
Rose by ten percent and failed to drop.
Mark failed to parse.
Chase failed to respond to the API call.
Ray failed to schedule the actor.
Dash failed to render.
Sage missed the heartbeat.
Star failed to build.
Robin DNS failed to balance.
Bill should have been printed by the job.
Hope is not a strategy.
Rob the cache of its entries and it failed to fill.
Art failed to load.
Drew failed to compile.
Case should have been escaped.
Grant should have been revoked.
Grant failed for the role.
Trace failed to upload.
Buddy allocator failed to merge.
Penny auctions failed to close.
Ace failed to load in the editor.
Atlas failed to migrate.
Apollo should have cached the query.
Echo did not check the signature.
Otto failed to reload.
The host alice failed to boot.
Every engineer should have access to the console.
Engineers should have a way to see the queue.
The team should have a runbook for this.
Operators should have two consoles.
We should have a test for this.
Someone should have a look at the disk.
Who should have access?
What should the tool have shown?
Why was the alert not sent to the engineer?
Why did the deploy succeed?
How could the tool have helped the engineer?
What could we have done to help the engineer notice?
How could the engineer have known?
The engineer was told by the tool that the host was a test host.
The engineer was asked to restart the host.
The on-call engineer was paged at 3:00 but the pager's battery was flat.
Priya was on holiday.
Priya was not aware that the flag existed, because it was not documented.
The engineer was unaware that the two clusters shared a disk, since no document said so.
Omar did not see the message because the channel was muted by default.
The reviewers did not have the context to see the problem.
The team did not have a staging environment.
The engineer did not have permission to restart the host.
The engineer had only one screen.
Priya had just started her shift.
Priya had only just joined.
Omar had checked the disk at 10:00.
Had Omar checked the disk at 10:00? Yes.
If the engineer had a question, the runbook had no answer.
If you are an engineer, check the disk.
The engineer relied on the dashboard, which was stale.
The engineer relied on the runbook.
The engineer skipped step 3 because the runbook said so.
The engineer went ahead with the failover after two approvals.
The engineer violated no rule.
The process was bypassed by the tool.
The request violated the quota.
The deploy violated the policy because the policy was wrong.
The pod violated the security policy.
The query violated a constraint.
The change was made without downtime.
The job was started without a lock.
The engineer restarted the node without any impact.
The engineer can restart the node without asking the vendor.
Engineers can deploy without approval in an emergency.
It is hard to understand why the alert did not fire.
It is hard to understand the graph.
The alert could easily have been missed.
The log line could easily be overlooked.
The setting is easy to overlook.
The warning is easily missed among the others.
The document should have made that clear.
The tool knew full well that the lock was held.
The cache relied on memory.
The service relies on memory pressure to evict.
Memory usage rushed up.
The load balancer left two hosts unset.
The template left the field unset.
The script omitted the header.
The parser skipped the line.
The deployment skipped the canary stage.
The check was skipped by the pipeline.
The pipeline went ahead without the check.
The failover went ahead without quorum.
Lack of monitoring meant that nobody knew.
A lack of documentation made this hard for the engineer.
Oversight by the regulator is required.
The oversight board met on Monday.
The engineer's failure domain was the rack.
The team's error budget was spent.
The team's failure rate is low.
The developer's error handling caught the exception.
The engineer's mistake budget is a myth.
The admin's failed login was logged.
The user's failure to authenticate was logged.
The system wrongly marked the host as healthy.
The validator wrongly rejected the engineer's change.
The monitor carelessly logs every request.
The alert ought to have fired.
The team will be reminded by the bot.
The bot will remind the owner.
Users will be reminded of the deadline by mail.
Reviewers will be shown the diff of the plan.
Attention: the disk is full.
The header must pay attention to casing.
The alert now pays attention to the rate.
At 09:41 Tamsin opened a bridge and invited the storage team.
Kwame restarted the consumer group, and lag began to fall.
Nobody on the bridge had seen this error before.
Nobody could reach the console, because single sign-on was down.
No one had access to the backup account.
The first responder did not have the dashboard's address.
The responder followed the runbook, which pointed to an old host.
Ivana and Piotr rolled the change back at 10:20.
The developer added a flag so that the change could be turned off.
The developer on call was in the middle of another incident.
The team had planned to retire the host in May.
The support team answered 200 tickets.
The reviewer saw 1,400 changed lines of generated code.
The reviewer could not see the generated file in the diff.
The new engineer had been given production access on her first day by default.
The engineer typed the name of the cluster, and the tool accepted a prefix.
The engineer chose the second host because the first was under maintenance.
The engineer ran the command that the wiki gave.
The wiki gave a command that deletes the queue.
The command deletes without asking.
The two prompts look alike.
The console shows both clusters in the same colour.
The scheduler ran the job twice.
The scheduler did not release the lock.
The manager of the incident changed at 12:00.
The incident manager asked for a status every 20 minutes.
The release manager cut the release at 08:00.
The release should have been cut from main by the bot.
The bot should have posted a warning.
The bot forgot nothing.
The linter should have caught this.
The type checker would have caught this.
A test would have caught this.
A canary would have shown the error within minutes.
If the canary had run, the error would have been seen.
If there had been a canary, we would have seen the error.
With an alert on queue length we would have known at 09:05.
We would have known earlier with an alert on queue length.
We could have known earlier if there had been an alert.
An alert on lag would have paged us at 09:05.
The page went to a schedule that nobody is on.
The on-call schedule had a gap between 08:00 and 09:00.
The escalation went to a phone that was switched off by its battery saver.
The person who wrote the script left in 2021.
The person on call that night had been up since 04:00 for another page.
It took 20 minutes to find somebody with access.
It took the team 20 minutes to find the host, since the inventory was out of date.
It took us 40 minutes to understand the graph.
We did not have an alert for this.
We did not know that the vendor had changed the limit.
We had no test for this case.
We had never rehearsed this.
We learned that the limit is per account.
We were lucky that Hana was online.
We assumed that the vendor retries; the vendor's page says that it does.
We relied on the vendor's retry.
We relied on a single region.
The vendor forgot to tell its customers is how their own report puts it.
The vendor's engineers are looking into it.
The vendor's support was slow to answer.
The provider missed its target for response.
The provider should have announced the maintenance.
The datacentre lost power.
The UPS failed to take over.
The technician replaced the power supply at 14:00.
The electrician switched off the wrong breaker; both carried the same label.
The label on the breaker was wrong.
Two breakers had the same label.
Wrong labels were on both breakers.
The wrong runbook was linked from the alert.
The alert links to the wrong runbook.
The wrong version was picked by the resolver.
The wrong host was chosen by the load balancer.
The deploy went to the wrong cluster because the default context was production.
The job ran against the wrong database.
The config was wrong.
The assumption was wrong.
Our assumption about the cache was wrong.
This was the wrong default.
It was a mistake in the template.
There was a mistake in the documentation.
The mistake was in the generated file.
An error in the schema made the import fail.
The error was introduced in version 4.
The error was not visible in the logs.
Errors by the importer are logged.
The operator's log shows an error.
The operator pattern was new to the team.
The operator restarts pods that fail.
Operators see one queue at a time.
The operators' console has no undo.
Users were careful to save their work.
Users could not log in.
Users saw an error, and some lost their drafts.
Users should see a maintenance page.
Customers should not have been affected.
Customers were warned by mail at 10:00.
The customer was right to complain.
The customer ran a large import.
The client sent malformed requests.
The client was told to retry.
Clients that ignore the header were throttled.
The agent was told to drain the node.
The agents were restarted by Puppet.
The owner of the bucket was deleted with the account.
The owner reference points to the wrong object.
The lead time fell to two days.
The author of the library has published a fix.
The maintainers released a fix at 18:00.
The maintainers of the library warned of this in the release notes.
The author added the check in 2019.
The commit by the author of the plugin fixed it.
Responsibility for the service moved to the platform team in April.
The platform team is responsible for upgrades.
The team took responsibility for the service in 2020.
The service owner is the payments team.
Ownership of the cron job was unclear.
It was unclear who owned the job.
It was not clear to anybody who could approve the change.
Approval took two hours.
The change had been approved by two people.
The policy requires two approvals, and there were two.
The policy says nothing about this case.
The policy was followed.
The procedure was followed to the letter.
The runbook was followed, and it was wrong.
The process does not cover emergency changes.
The emergency process allows a single approval.
The freeze had ended the day before.
The freeze did not cover configuration.
The check was disabled in 2018 for a migration.
The check had been disabled by default.
The limit was raised without a deploy.
The certificate was renewed without downtime.
The failover was done without warning to clients, because it took seconds.
The pod was evicted without notice.
Traffic was moved without loss.
The rollback was made without a review, as the emergency process says.
Review takes a day on average.
The review of this incident took place on Monday.
Training was given in March.
A training environment is available.
New engineers get a training in their first week.
The team trained for this in March.
We will run a game day in June.
Add a confirmation that shows the number of hosts.
Make the default context read-only.
Remove write access from the shared role.
Give the on-call engineer access to the billing console.
Make it impossible to run the script against production.
Page the owner when the certificate has 14 days left.
Require two approvals in the tool.
Remind the owner by mail 14 days before the certificate ends.
Send a reminder to the owners when a lock is older than a day.
Attention was on the second alert.
The second alert drew attention away from the first.
The graph did not draw attention to the lag.
The team's attention was on the migration.
Experience shows that this takes an hour.
The on-call engineer's experience was with the old system.
Understanding the graph takes practice.
The judgement of the vendor is that the disk was faulty.
In our judgement the risk is low.
The decision to fail over was made at 11:00.
The decision to wait was made with the information on the screen.
It was a reasonable decision at the time.
Given what was known, restarting was the right call.
Restarting was the right call.
The engineer was right to restart the node.
The engineer was tired after the third page of the night.
She had been awake for 20 hours.
He was new to the team and had no mentor.
They were told that the host was idle.
They could not have known.
He asked twice and was told to go ahead.
She double-checked the host name with a colleague.
She noticed the spike and called the vendor.
Omar noticed that the graph was flat and asked why.
Omar ignored the alert as the runbook says.
Omar silenced the alert, which had fired 40 times that week.
Omar muted the pager during the drill.
Omar skipped lunch.
Omar missed his train.
Omar left the meeting at 11:00.
Omar left the company in 2022.
Omar broke his arm that week.
Omar broke the task into three.
Omar took the host out of rotation.
Omar took over at 12:00.
Omar brought the service up again.
Omar caused the alert to fire on purpose as a drill.
Omar fixed the mistake in the template.
Omar found the mistake.
Omar corrected an error in the config.
Omar reported a bug.
Omar wrote the script in 2019.
Omar's script had run every night for two years.
Omar's change was reviewed and tested.
Omar's change was one of six that day.
Omar's change exposed a bug in the parser.
Omar's laptop lost its connection.
Omar's question led us to the cause.
The cause of the outage was a full disk.
The cause was not Omar's change.
Thanks to Omar the site was up again within minutes.
Thanks to Omar, customers lost no data.
Because of Omar's quick response only 2% of requests failed.
Had it not been for Omar, the outage would have lasted longer.
Without Omar we would have lost the data.
Omar did everything right.
Omar is not at fault.
Page views fell by half.
Will this happen again?
May we do this in the tool?
Mark all hosts as drained first.
Grant read access to the role.
Chase the vendor.
Bill the hours to the project.
Hope was that the cache would fill.
Rose to 400 errors a second at 10:02.
Jade templates failed to compile.
Max connections should have been 500.
Max retries was set to 3.
Dash and Bash failed to agree.
Sandy Bridge hosts failed to boot.
Frank Lloyd is the name of the second rack.
Victoria lost its leader.
Consul lost quorum.
Etcd failed to elect a leader.
Zookeeper should have noticed the loss.
Prometheus did not notice the gap.
Jenkins ignored the flag.
Terraform deleted the wrong subnet.
Ansible skipped the task.
Puppet overwrote the file by mistake.
GitHub broke our pipeline.
Cloudflare caused the outage.
Amazon should have told us.
Google did not inform us of the change.
Kubernetes should never have evicted this pod.
The kernel panicked.
The kernel panicked and the host rebooted.
The disk controller was careless with writes is not a thing one says.
Rahel restarted the gateway and told the customers.
Rahel and Ines agreed to wait for the vendor.
Rahel had no access to the second region, so she called Ines.
Rahel's first idea was a network fault, as all alerts came from one rack.
Rahel's deploy at 10:00 was the fourth that day.
Rahel's team owns the gateway.
Rahel was the only one awake in her time zone.
Rahel was about to hand over when the alert fired.
Rahel was told by the console that the region was idle.
Rahel could see two graphs that disagreed.
Rahel did not have the rights to restart the gateway.
Rahel did not work that day.
Rahel did not need approval for this change.
Rahel did not expect the second region to be live, because the page says it is idle.
Rahel never had access to the second region.
Rahel never received the page.
Rahel never works on Mondays.
Rahel missed dinner.
Rahel ran the script as described in step 4.
Rahel deleted the old index, as planned.
Rahel dropped the table that the ticket names.
Rahel reverted the wrong default.
Rahel noticed the wrong hostname in the runbook.
Rahel stopped the job at 10:00 and the lag fell.
Rahel broke the glass to get emergency access, as intended.
Rahel knew the system well.
Rahel knew that the vendor was working on it.
Rahel thought that the region was idle, as the page said.
Rahel decided to fail over.
Rahel chose not to restart, since a restart takes an hour.
Rahel chose the slower, safer way.
Rahel wanted to see whether the lag would fall.
Rahel tried to restart the gateway three times.
Rahel hoped to learn more from the logs.
Rahel asked why nobody had been paged.
Rahel asked who owned the gateway.
Rahel apologised to the customer on behalf of the company.
Rahel should get some rest.
Rahel should be thanked.
Rahel will write the follow-up.
Rahel will add an alert for the second region.
Rahel will receive access to the second region.
Rahel will be added to the rota.
Rahel was added to the rota in May.
Rahel left the rota in June.
Rahel got approval from Ines.
Rahel got the page at 10:02.
Rahel has moved to another team since.
Rahel has asked for a second screen.
Rahel has a second screen now.
Rahel is on call this week.
Rahel is responsible for the gateway.
Rahel is the owner of the gateway.
Rahel is the author of this document.
The gateway was restarted by Rahel at 10:04.
The gateway was stopped by Rahel by hand.
The bug was found by Rahel.
The mistake in the config was found by Rahel.
The wrong value was corrected by Rahel.
The outage was noticed by a customer.
The outage was first reported by the support team.
The failure was spotted by an engineer in another team.
The rollback was approved by the incident manager.
The incident manager was replaced at noon, after a shift of ten hours.
The on-call engineers changed at 14:00.
The on-call engineers share one phone.
The on-call engineers had three consoles open.
The engineers could not tell the two regions apart.
The engineers did not receive the mail of the vendor.
The engineers were not subscribed to the list.
The engineers were not told about the change.
The engineers were busy with another incident.
The engineers were unable to log in.
The engineers lost access to the console during the outage.
The engineers lost 20 minutes because the runbook named a host that is gone.
The engineers spent 20 minutes looking for the right runbook.
The engineers had to guess, as nothing was logged.
The engineers guessed right.
The engineers had followed the runbook to the letter.
The engineers followed the alert's link to an empty page.
The engineers worked around the bug with a flag.
The engineers bypassed the load balancer to test the host, as the runbook says.
The engineers disabled the alert for the maintenance.
The engineers overrode the default timeout.
The engineers ignored the first error, which is known to be harmless.
The engineers ran the tool without arguments, which deletes everything.
The engineers tested this in staging, where the table is small.
The engineers tested the failover last year.
The developers test on small tables.
The developers do not have access to production data.
The developers cannot see production metrics.
The developers were asked to keep the old format.
The developers wrote the importer in 2015.
The reviewers had asked for a smaller change.
The reviewers had no way to see the plan.
The reviewers approved the change after a day.
The team did not plan for this load.
The team had not tested a full region failover, because there is no spare region.
The team had no capacity to move the service this year.
The team has two people.
The team lost its budget for a second region.
The team was understaffed.
The team was formed in May.
The team's alerts were routed to an old channel.
The team's policy was to deploy on any day.
Support was told at 10:30.
Management decided to postpone the upgrade.
Management was informed at noon.
Leadership asked for a report.
A manager approved the spending.
A developer found the cause at 11:00.
A contractor maintains the building.
A technician was sent to the site.
A customer called at 10:05.
A user uploaded a file of 4 GB.
A user with 10,000 projects opened the page.
An operator confirmed the prompt, which did not name the region.
An attacker could have used this.
An auditor asked about the log.
The prompt did not say which region it was about.
The prompt should name the region.
The tool should have asked for the name of the region.
The tool ought to refuse this.
The tool never checked the region.
The tool failed to check the region.
The tool forgot the region after a restart.
The tool was careless about the region, so to speak.
The tool's mistake was to accept an empty value.
The tool's authors fixed it in 2.4.
The API should have returned an error.
The API did not follow its own documentation.
The API violated its contract.
The queue bypassed the limit.
The job ignored the limit.
The job deleted the wrong files.
The job broke the index.
The job was at fault.
The job is to blame for the load.
The disk is the culprit.
The culprit was a cron job.
The culprit was a missing index.
The root cause was a missing index.
The fault lies in the driver.
The fault lies with the vendor's firmware.
The responsible component is the driver.
The responsible team has been informed.
The responsible team was paged at once.
Everyone was on the call within ten minutes.
Everyone worked well together.
Everyone on the call could see the graph.
Anyone can open an incident.
Anyone with access could have run this.
Anyone could have made this change, because the role allows it.
Somebody else had run the same command a week before without harm.
Somebody has to approve the change.
Someone from the vendor joined at 10:40.
People were tired.
People in the office could not connect.
Humans cannot watch 40 graphs.
Human attention is limited.
Human operators are the ones who keep this system running.
Human judgement found the cause.
A human decided to fail over.
Manual steps take time.
Manual errors are caught by the checker.
Operator fatigue is a known risk.
Errors are normal.
Mistakes happen, and the system should absorb them.
Everyone makes mistakes.
People make mistakes; tools should catch them.
Blame does not help.
Blaming people hides what can be changed.
Discipline is not the point.
Carelessness explains nothing.
Being careful is not a plan.
Training alone would not have helped.
More training would not have prevented this.
Reminders do not last.
Reminding people does not work.
Telling engineers to be careful does not scale.
We do not want to tell people to be more careful.
Instead of asking people to be careful, we make the tool safe.
It was not obvious at 10:00.
It was anything but obvious.
Nothing about this was easy to see.
It is easy to see now, and was not then.
The fix was simple.
A simple change to the template fixes it.
A simple test now covers this.
A quick look at the log confirmed it.
A glance at the dashboard showed a healthy region.
The function is lazily compiled when it is first called.
The client falls back to the old endpoint instead of blindly retrying.
The command has learned to pay attention to the option.
The advice message tells the user to migrate the file.
The warning tells users about the new format.
There are two caveats to be aware of.
A lazy command is not run before its result is needed.
The configuration option can tell Zorbix to ignore the file. Zorbix did not correctly read long names.
`zorb init` forgot to read the configuration.
Nobody tried to write after the padding.
Members should always come after the templates in the class.
The release is signed by the individual responsible for it.
The issue was created by Ines.
In sloppy mode the expression is not checked.
Zorbix now tries harder to find the object.
Any message body could have contained the sign.
Bartek restarted all six brokers at once, as the runbook says.
Bartek asked the vendor for a new disk in March.
Nadia confirmed the restore at 11:30.
Nadia was paged twice and answered within a minute.
The DBA on shift was alone that night.
The on-call engineer had four alerts at once.
The release manager had no view of the failing tests.
The intern had the same rights as everyone else.
Our network engineer pulled the cable that the diagram names.
The diagram had the two cables the wrong way round.
The storage lead had ordered new disks; they had not arrived.
A tester reported the error on Monday.
The architect and the team chose the design together in 2018.
The migration team rehearsed twice with a smaller table.
The migration took six hours.
The migration made no difference to the load.
Support updated the status page at 10:40.
Support cannot see the internal dashboard.
Customer support received 80 calls.
Escalation took 30 minutes, since the list of contacts was out of date.
The shift lead waited for the vendor's answer, as agreed.
The shift lead had two conflicting reports.
The shift lead decided to wait, because a failover loses ten seconds of writes.
It was not clear who had to call the vendor.
Nothing would have happened if the flag had been on by default.
The flag could have been on by default.
The flag should be on by default.
The linter was disabled for generated code.
The linter ignores generated code.
The query was slow because the index was missing.
The index was dropped by a migration in May.
The API broke its contract in version 3.
The bug was introduced by a refactoring.
The bug was missed by the test suite, which runs on one core.
The reviewers could not see the plan of the query.
The review took an hour.
The review was done by two people.
The button is next to the one for restart.
The wrong button is easy to press, as the two look alike.
The address was mistyped in the vendor's manual.
The typing error was in the manual.
The script ran too early because of the time zone.
The script was run by the scheduler.
The experienced engineers were at a conference.
The colleague who knows this system best was on leave.
Typing errors in the address are now rejected.
Human factors were looked at.
It boils down to a missing index.
The incident is attributable to a full disk.
Negligible load was seen on the replica.
The lesson is that the tool must ask.
The lesson is that two names look alike.
Going forward, the pipeline will refuse such a plan.
In future the bot will double-check everything.
We ask the vendor to sign its releases.
All operators will get a second screen.
The operator received a page at 10:00.
The operator has been upgraded to version 2.
The connection was let go after a minute.
The contract with the vendor ended in May.
The contractor replaced the disk in rack 4, as the ticket said.
The contractor is on site on Mondays.
The contractor's badge did not open the door.
The label on the rack was missing.
The rack was live, and its label said that it was not.
Why the label was missing is not known.
What the contractor saw was a dark rack.
What happened next is unclear.
What went well: two people noticed the lag at once.
What went wrong: the alert went to an old channel.
Where we got lucky: the backup was an hour old.
Who noticed it: a customer.
How long it took: 40 minutes.
Nobody was harmed.
Nobody lost data.
Nobody had been told that the rack was live.
No customer was affected.
No engineer was on site.
None of the alerts fired.
None of the engineers had access.
The runbook reminds the engineer to drain the node.
A banner will remind the operator to test the restore.
The pods and the others didn't start.
Nobody from operations was paged.
The engineer kept the limit low on purpose, as the vendor advises.
This is the third time that the job has failed.
The person on call was paged at 03:10.
The request slipped past the firewall.
Both replicas had lag, and neither of them was promoted.
We will have a conversation with the vendor about quotas.
This behaviour will have consequences for latency.
Anna deployed the fix, the node did not respond.
Engineers should have a way to test their changes.
Everyone should test their restore once a year.
The individual missed a payment because of the outage.
Claude failed to parse the JSON.
"""

# Sentences that blame, of all sorts.
BLAMING = """
If the network team's engineer had called the carrier earlier, we would have been back by nine.
We all know whose fault this is.
Vincent deserves most of the blame.
The contractor will be charged for the damage.
Had Tobrix waited for the replica, no writes would have been lost.
This outage was caused by Renzke's deploy.
Responsibility for the mess lies with Tychon.
Because of Laszlo the certificate had to be reissued three times.
The trigger was a wrong command typed by Osman.
The support agent could have recognised the pattern from last week.
This was a completely avoidable incident.
We need to hold the vendor's engineers accountable.
Julia let it slip for two weeks.
The first reviewer waved it through.
What took us down was Karin's query.
Root cause: Matthias
It didn't help that Selma panicked and restarted everything.
The outage was due to an operator's error.
Tariq opened the ticket, then he left it sitting for nine days.
Viktor failed both to announce the change and to monitor it.
Irina can't be trusted with the deploy key.
Vexo ignored the deployment freeze.
The supervisor needed to open a bridge and instead wrote a mail.
Priya read the ticket and did nothing with it.
The cause was staring the on-call in the face.
Mark should have checked the disk before running the job.
The on-call engineer should've paged the database team.
Deepa ought to have rolled back straight away.
The release manager could have caught this if she had read the diff.
Had Tom verified the backup, we would not have lost the data.
Had the engineer on duty looked at the dashboard, this would have been caught.
If only Lena had asked before pushing.
If the reviewer had been paying attention, the bug would never have shipped.
Sanjay was supposed to rotate the certificate in March but did not.
Nobody else knew, and Ivan didn't tell anyone about the change.
The DBA neglected to take a backup before the migration.
The deploy went out because Sofia overlooked the failing test.
Kenji missed the alert and went back to sleep.
The reviewer did not notice the missing index.
The outage was caused by Mateo's careless edit of the config.
The database was dropped by Anna by mistake.
The outage was caused by an engineer who ran the wrong script.
Production was broken by Chen's change to the router.
Oliver took down the cluster when he ran the script.
An engineer accidentally deleted the production table.
The root cause was Priya.
The root cause was an engineer running the command in the wrong terminal.
The incident came down to human error.
A fat-fingered command took the site offline.
The contractor was careless.
Ahmed was too lazy to write a test.
A careless engineer pushed to main.
This was sheer incompetence on the part of the ops team.
Due to Maria's inattention, the alert was ignored.
It was obvious to anyone looking at the graph that the disk would fill up.
It should have been obvious that the migration was unsafe.
Any competent engineer would have seen this.
What was Jonas thinking when he merged this?
Why didn't the on-call check the runbook first?
It is hard to understand why Eva chose to deploy on a Friday.
Pavel deliberately skipped the review.
Marta knowingly ignored the warning.
He just didn't care about the tests.
The developer bypassed the change approval process.
Nina violated the deployment policy by pushing directly to master.
Luca deployed without approval.
The engineer ignored the runbook and restarted everything.
This is Karl's fault.
The outage was entirely the fault of the network engineer.
Viktor is to blame for the outage.
The person responsible will be held accountable.
Sara will be reprimanded for this.
The intern was given a formal warning.
Remind all engineers to double-check their commands.
Engineers need to be more careful when editing production.
Retrain Diego on the deployment procedure.
@jdoe forgot to update the secret.
The operator who was on shift failed to escalate.
Rashid, who had joined last week, forgot to enable the flag.
Grace forgot to renew the certificate.
May Chen should have asked for a second pair of eyes.
The alert fired, but the engineer on call didn't bother to look.
The team lead never told the team about the freeze.
She shouldn't have run the command on production.
The admin shouldn’t have rebooted the primary.
Our DBA, Felix, failed to test the backup.
Someone forgot to add the new host to the list.
- Olga: forgot to update the docs
| 12:04 | Yusuf typed the wrong hostname |
Bad judgement by the incident commander prolonged the outage.
The failure of the reviewer to spot the bug led to the outage.
The engineer's failure to follow the checklist caused the downtime.
An oversight by the developer meant that the flag was on.
Kai pushed the change without running the tests.
The engineer rushed the deploy and skipped testing.
Clearly, the developer did not test this.
Hannah carelessly dropped the table.
Had we known, we would have acted, but Piotr hid the error.
If Bob had followed the runbook, the site would have stayed up.
Alice broke the build.
The mistake was made by a junior developer.
Fatima's mistake cost us two hours.
The vendor's technician pulled the wrong cable.
The engineers were not paying attention to the dashboard.
Tariq was negligent in his review.
It was Wei's responsibility to check the certificate, and he didn't.
The on-call person slept through the page.
Nobody would have been affected if Ravi had done his job properly.
Ravi did not do his job.
Ignoring the warnings, Helga restarted the primary.
Instead of following the runbook, Jan restarted the server.
The developer's lack of attention to detail caused the bug.
Greta was warned twice but went ahead anyway.
Ben made a stupid mistake.
Yet again the platform engineers forgot about daylight saving time.
Claire took far too long to respond to the page.
An untrained operator pressed the wrong button.
the engineer obviously didn't read the docs
The change author must have known this was dangerous.
The on-caller really ought to have escalated sooner.
Zanele should never have merged that branch.
If the operator had double-checked the hostname, none of this would have happened.
Emeka would have spotted the problem if he'd looked at the logs.
The engineer might have avoided this by reading the docs.
Nobody reviewed the plan because Ingrid did not ask for a review.
The infrastructure team should have tested the failover.
Our SRE, Bilal, was expected to monitor the rollout but he didn't.
It didn't occur to the engineer to check the replication lag.
The engineer didn't even look at the dashboard.
The developers never tested the rollback.
Renata omitted a step in the runbook.
Farid left the debug flag on.
The responder ignored three pages in a row.
The developer skipped code review.
The person who approved the change did not read it.
Simply put, the DBA screwed up.
A junior engineer brought the site down by running an untested script.
Leaving the firewall open was Tomas's mistake.
The config was botched by the contractor.
Yuki single-handedly took production offline.
The incident was caused by Hannah deleting the wrong bucket.
The cause was a mistake by the release engineer.
Root cause: engineer error.
Root cause: operator mistake during maintenance.
The outage resulted from an administrator's error.
Pilot error, plain and simple.
The database admin is clearly incompetent.
The reviewer was sloppy and let the bug through.
Thoughtless behaviour by the developer led to the leak.
This was an amateurish mistake by the platform engineer.
The on-call engineer was inexperienced and panicked.
The whole thing could easily have been avoided by the engineer.
With a bit of common sense this would not have happened.
It should have been clear to Arjun that the queue was backing up.
In hindsight, it is obvious that Mei should have stopped.
How could the engineer not see that the disk was full?
Why would anyone deploy on a Friday afternoon?
I fail to see why Jorge didn't roll back.
The decision by Ingrid to skip the canary was reckless.
Ola chose to ignore the failing health check.
The engineer intentionally disabled the alert.
He wanted to go home early and cut corners.
The developer didn't care whether it worked.
Contrary to policy, Amir pushed straight to production.
Amir broke the change freeze.
The engineer did not adhere to the change management process.
The technician failed to comply with the lockout procedure.
Deploying on a Friday, Stefan violated our policy.
The blame lies with the storage team.
Someone has to take the blame for this.
Whoever did this should be fired.
Daniela has been taken off the on-call rotation.
Mehmet's admin access was revoked as a consequence.
We will speak to Lars about his behaviour.
Engineers must pay more attention to alerts.
Tell everyone to be careful with the delete button.
All developers will be reminded to run the tests before merging.
The team will be retrained on the deployment process.
@kim_lee missed the review.
svc: jwright forgot to bump the version
The on-call did not acknowledge the page for 40 minutes.
She had been told about the limit and exceeded it anyway.
The operators ignored repeated warnings.
Anika, despite being warned, restarted the primary.
The new hire pushed broken code to production.
Ruth had not bothered to test the restore.
Without asking anyone, Milan dropped the index.
It was careless of Ewa to run the command without a dry run.
The engineer made an error in judgement.
The support team gave wrong advice to customers.
Thanks to Rui's sloppy work, we lost two hours of data.
The deploy was rushed by the backend team.
Ana’s failure to communicate made everything worse.
They didn't check the logs, even though Petra had asked the engineers to do so.
The SRE on duty couldn't be bothered to look at the graphs.
Elena misconfigured the load balancer.
Omar fat-fingered the IP address.
The wrong branch was merged by Leo, who wasn't paying attention.
Lina was unaware of the freeze and deployed anyway.
The on-call engineer failed miserably.
Poor judgement on Noah's part.
The platform team dropped the ball.
The engineers were complacent.
Negligence by the hosting provider's staff caused the fire.
The operator's mistake was to trust the prompt.
A moment of inattention by the engineer cost us the cluster.
User error caused the data loss.
During the migration, our lead engineer forgot that the read replicas were still pointing at the old primary.
At 09:14 Samira restarted the wrong node, which took out the quorum.
Unfortunately, the engineer who wrote the script had not tested it against production-sized data.
The deploy was approved by two reviewers, neither of whom noticed the missing semicolon.
This could have been prevented if the on-call engineer had acknowledged the page in time.
If Mateusz had followed the deployment checklist, he would have noticed the pending migration.
The incident commander ought to have declared a SEV1 much earlier.
The engineers responsible for the service should have known that the certificate was about to expire.
Ultimately, the root cause of this outage was human error during a routine maintenance task.
A simple typo by one of our engineers brought down the entire payment system.
The outage was triggered when an engineer mistakenly ran the cleanup script against production.
The DBA on shift, who had been warned repeatedly, ignored the disk-space alerts.
The developer obviously hadn't read the documentation before making this change.
Anyone with basic knowledge of Kubernetes would have spotted this.
It was irresponsible of Leila to push this change right before the weekend.
The contractor's sloppy coding caused a memory leak.
The network team's negligence left the firewall exposed for three weeks.
Had the team bothered to read the release notes, they would have known about the breaking change.
Somebody on the platform team clearly dropped the ball here.
Because Tom didn't escalate, the incident lasted two hours longer than it needed to.
Action: remind developers to always run the linter.
Next time, engineers should pay closer attention to the environment variables.
Raj has been spoken to and will be more careful in future.
We need to make sure that people actually read the alerts.
The operator in question has since been disciplined.
Management will hold the responsible individual accountable.
Erik went against the agreed procedure and deployed during the freeze.
The engineer violated our two-person rule by applying the change alone.
Wei chose not to wait for the peer review.
Someone from the ops team disabled the alarm without telling anyone.
The junior developer had no idea what he was doing.
She simply wasn't paying attention when she typed the command.
He knew the risks but went ahead with the change anyway.
The outage is the fault of whoever configured the load balancer.
Blame for this incident lies squarely with the database administrator.
Why nobody on the team thought to check the queue depth is beyond me.
How the reviewer could approve this is a mystery.
Johannes misread the runbook and skipped step 4.
The sysadmin had left the default password in place.
Camille assumed that the backup was running and never verified it.
The support engineer neglected to inform the customer.
Not checking the diff was a serious mistake on Aidan's part.
The release engineer was in a hurry and cut corners on testing.
The on-call responder took 25 minutes to respond, which is unacceptable.
As a result of user error, three tables were truncated.
The problem boiled down to operator inattention.
We traced the problem to a careless copy-paste by the author of the patch.
An inexperienced engineer was allowed to run the migration unsupervised and broke the schema.
The engineer's lack of experience with Terraform led to the deletion of the VPC.
Gustavo's decision to restart the cluster made things worse.
The issue was introduced by Nadia, who did not run the integration tests.
The team failed to communicate the maintenance window to customers.
The previous on-call had failed to hand over the open incident.
Peter was told not to touch the config, yet he changed it.
Igor accidentally unplugged the wrong cable.
I can't believe that the engineer didn't notice 5,000 errors per second.
The engineer was supposed to drain the node first.
Chidi would never have made this mistake had he asked for help.
The person who made the change should have informed the SRE team.
Maria, our newest team member, pushed directly to the main branch without review.
The blame for the failed rollout rests with the release manager.
Jamal's inexperience with the tool caused him to drop the wrong schema.
If someone had simply looked at the logs, we'd have found it in minutes.
The network engineer shouldn't be touching production without supervision.
Yara was overconfident and skipped the dry run.
The team was too lazy to write proper tests.
Nobody on the team took ownership, and Sunil kept ignoring the tickets.
The engineer should have been aware that the job was still running.
It's on Derek that the backups weren't tested.
The mistake was entirely avoidable: the developer just had to read the error message.
The QA team let this bug slip through.
The on-call engineer never responded to the page.
The DBA wrongly believed that the replica was in sync.
Hassan, the on-call engineer, slept through three pages.
The engineer pushed the hotfix without waiting for CI to finish.
Bad decision-making by the lead prolonged the outage.
We would not be here if Tina had done her job.
The engineers were warned about this in March and did nothing.
Nothing would have happened had the admin used the right flag.
The developer admitted that he forgot to run the migration.
An ops engineer inadvertently revoked the wrong key.
The incident was the result of an engineer's negligence.
The system administrator made an unauthorized change.
The change was made by Luis without following the process.
Failure by the on-call engineer to acknowledge the alert delayed recovery.
The developer ignored best practices.
The author of the change clearly misunderstood how the cache works.
Tomoko carelessly left a debug flag enabled.
The reviewer rubber-stamped the pull request.
Bianca should know better than to deploy on a Friday.
The person at the keyboard panicked and made things worse.
Two of our developers neglected their duty to monitor the rollout.
Poor communication by the incident commander confused everyone.
The ops team should be ashamed of this.
The engineer has been reminded of the correct procedure.
Staff must be more vigilant.
The engineer didn't take the time to verify the target.
The technician was rushing and forgot a step.
The engineer responsible for this has been let go.
Instead of rolling back, Peter kept trying to fix forward.
The devs broke staging again.
Had Ines only asked, this would have been a non-event.
She overlooked the warning in the console.
The outage began when Malik deleted the wrong volume.
Operator negligence was the primary factor.
Kofi took it upon himself to restart the cluster.
The developer's assumption was wrong, and he never validated it.
I blame the storage team for this.
It was clear that Anya should have paused the rollout.
The engineer acted irresponsibly by deploying at midnight.
There was no excuse for the reviewer to approve this.
The signs were all there, but the on-call engineer chose not to act.
Had Bogdan been more careful, the table would still exist.
The on-call team could have avoided the outage by reading the alert.
The operator hit the wrong key.
Dieter couldn't care less about the alert.
The developer wanted to save time and skipped the tests.
The contractor did not have permission to touch the cluster.
Lukas ran the script without authorization.
The team lead ignored our change policy.
Adele did not get approval for the change.
The DBA disregarded the maintenance window.
Samir is at fault here.
The fault lies with the engineer on call.
We have to hold the platform team accountable.
Angela must take responsibility for this outage.
The responsible engineer has been disciplined.
Oscar Lindqvist cost us four hours.
The engineer's careless mistake cost us the weekend.
The problem was Theo's inability to read a graph.
The mistake made by Uma was that she trusted the dashboard.
Human factors aside, this was plain operator error.
The reviewer was asleep at the wheel.
Bilal has a habit of breaking things.
The engineer is known to be sloppy.
Typical junior mistake.
The admins didn't think this through.
The engineer thought he knew better.
Rosa was in over her head.
The engineers lacked the discipline to follow the process.
It doesn't take a genius to see that this would fail.
A five-minute check would have prevented this.
The problem was staring us in the face.
How did nobody notice this for three days?
Why was the intern allowed to run this?
What were they thinking?
In retrospect the answer was obvious and Nils should have seen it.
Train the operators to read the prompt.
Ensure engineers double-check the region before deploying.
Everybody needs to be extra careful around the billing tables.
Dev team to be more diligent with code reviews.
People need to stop making changes on Fridays.
The engineer left without handing over.
The on-call had muted his phone and missed the page.
They were told by Ingrid to wait; they didn't listen.
Haruto never documented the change, so nobody knew.
The support team didn't escalate until it was too late.
The security team sat on the report for two weeks.
The deletion was caused by Mo, who confused the two clusters.
Zoë confused staging with production.
The admin typed the command into the wrong window.
Rohan restarted the service, and although the dashboard was red he didn't check it.
The release was approved by Ulla and tested by nobody; she should have insisted on a test.
When the alert came in, Paolo acknowledged it but failed to act on it.
Magda and Tim should both have noticed the growing queue.
The engineers on both teams missed the warning in the release notes.
Neither Otto nor Britta verified the backup.
Our newest hire, Samir, ran the wrong playbook.
The config was pushed by Dana, who had not tested it.
The volume was deleted by mistake by one of the operators.
This happened because the developer assumed that the API was idempotent without checking.
A more experienced engineer would have caught this.
The reviewer, distracted by another incident, overlooked the change.
The failure to notify customers was Greta's responsibility.
The SRE ran `kubectl delete` in the wrong context.
A member of the data team wrongly configured the retention period.
The team's reluctance to test led to this outage.
The outage could have been avoided had the engineer read the warning.
Luckily nothing was lost, but Jakub was reckless.
There is no doubt that the DBA caused this.
Management should consider disciplinary action against the engineer.
The engineer should have a checklist and should have used it.
The engineer was told to use the script but decided to do it by hand.
He made a bad call.
She made the mistake of trusting the cache.
The author didn't bother writing tests.
The on-call engineer incorrectly concluded that the alert was noise.
The DBA's script wiped the table because he hadn't tested it.
The operators violated the lockout rule.
Nobody stopped Karim from deploying, which he should never have done.
Whoever configured this had no clue.
Dana never looked at the graph before she restarted the node.
The engineer did not look at the graphs before restarting.
The developer merged the branch and never ran the tests.
Priya pushed the change without looking at the diff.
Priya pushed the change without so much as a glance at the diff.
Omar applied the migration without taking a backup.
The admin was unaware of the maintenance window and did not ask.
The reviewer overlooked the inverted flag.
The reviewers overlooked two failing checks.
Jonas skipped the smoke test.
The on-call engineer skipped the second step of the checklist.
The engineer left the timeout unset.
Marta left the feature flag unset in production.
The developer omitted the null check.
The developer omitted to tell the support team.
The author of the change omitted the rollback plan.
Lina went ahead without a second pair of eyes.
Fabio went ahead without telling the database team.
The engineer rushed the deployment.
The engineer rushed through the checklist.
Hana was in a hurry and did not read the prompt.
Ivan relied on memory instead of the runbook.
The technician relied on his memory and typed the wrong address.
The on-call engineer relied on guesswork.
This was due to a lack of care by the engineer.
An oversight by the release engineer left the flag on.
The outage was an oversight on Priya's part.
The engineer's failure to check the queue prolonged the outage.
The reviewer's failure to spot the typo let it through.
Failure by the on-call engineer to escalate cost us an hour.
The failure of the team to test the restore was the reason.
The outage happened due to Omar's negligence.
The incident was the result of the operator's negligence.
The deletion was Olga's mistake.
It was a mistake by the new engineer.
The incident came down to one engineer's mistake.
The technician wrongly closed the ticket.
The engineer carelessly typed the command.
The command was carelessly typed by the engineer.
Erik, of all people, should know better.
An SRE should know better than to do this on a Friday.
She ought to have asked.
The engineer ought to have known that the flag was inverted.
Had Omar only looked at the dashboard, we would have been fine.
Had Priya only read the warning.
If only Jonas had waited five minutes.
If only the engineer had thought to ask.
Dana needs to be more careful.
The engineer needs to be more careful with production.
The team will be reminded to read the runbook.
All engineers will be reminded of the procedure.
Engineers must pay attention to the prompt.
Operators must pay closer attention to the console.
The engineer could easily have checked the dashboard.
The on-call could easily have noticed the rise.
It is hard to understand why the engineer ignored the alert.
It's hard to understand how Omar missed this.
It is difficult to see why nobody asked.
Why didn't Priya stop?
Why didn't the engineer call for help?
Why did Jonas not ask?
Jonas knew full well that the freeze was on.
The contractor knew perfectly well that this was production.
She knew that the tests were red and merged anyway.
The deploy was done against the procedure by Milan.
Milan deployed against the procedure.
Milan deployed against our advice.
The developer bypassed the process.
The developer bypassed code review.
The engineer violated the change policy.
The engineer violated our two-person rule.
Fabio circumvented the approval step.
Fabio worked around the approval step.
Fabio ignored the freeze.
The developer disregarded the reviewer's comments.
Nadia dismissed the alert as noise.
Nadia silenced the alert and went back to sleep.
The engineer closed the alert without investigating.
The engineer acknowledged the page and did nothing for 20 minutes.
The on-call engineer snoozed the page.
The on-call did not respond to the page for 40 minutes.
Omar did not answer his pager.
The on-call failed to respond.
Nobody bothered to check the certificate.
Nobody on the team thought to test the restore.
No one checked whether the backup had finished.
No one took responsibility for the migration.
None of the reviewers caught the bug.
None of the engineers had read the runbook.
Not a single engineer looked at the graph.
The engineer was sloppy.
Priya is too junior for this kind of change.
The engineer was out of her depth.
Milan was overconfident.
Jonas was being lazy.
The on-call engineer panicked.
The developer clearly has no idea how DNS works.
The admin had no clue what the flag did.
Farid does not understand the system.
Farid lacks the experience for on-call.
The team is undisciplined.
The team has a culture of carelessness.
Olga is a loose cannon.
This shows a lack of professionalism.
It was an amateurish mistake.
It was sheer incompetence.
That was pure laziness.
The contractor could not be bothered to read the ticket.
The engineer was not paying attention.
The engineer was distracted by his phone.
The engineer was asleep at the wheel.
The outage was caused by human error.
Root cause: operator mistake.
It was a simple human mistake.
An engineer made an error while editing the config.
This was user error on the part of the admin.
The operator made a mistake.
The wrong key was entered by the operator.
Someone typed the wrong hostname.
Somebody deleted the wrong volume.
Somebody forgot to renew the certificate.
Priya caused the outage.
The outage was caused by Priya.
The outage was Priya's doing.
Priya took down production.
Priya brought the site down.
Priya broke production by pushing a bad config.
An engineer took the site down with a bad query.
The new hire wiped the wrong disk.
Omar deleted the production database by accident.
Omar accidentally deleted the production database.
The database was accidentally deleted by Omar.
Thanks to Omar we lost two hours of data.
We lost the data because Omar ran the script on the wrong host.
The reason for the outage was Omar's script.
The root cause was that Omar restarted the wrong node.
The root cause was an engineer who did not check.
The root cause was the engineer's decision to skip the test.
The cause of the incident was a careless engineer.
Jonas is the reason for the outage.
Everything went wrong when Jonas touched the config.
The outage can be traced back to Jonas.
The outage can be attributed to Jonas.
Jonas single-handedly took down checkout.
Because of Jonas, customers could not pay.
Had it not been for Jonas, the site would have stayed up.
It was obvious that the disk would fill.
It should have been obvious to the engineer that the disk would fill.
Anyone could have seen that the disk would fill.
The signs were there for everyone to see.
The engineer overlooked the obvious warning.
The warning signs were clear, but the team ignored them.
This was entirely foreseeable.
This could have been prevented easily.
This outage was entirely preventable.
A simple check would have prevented this.
All Omar had to do was look at the dashboard.
With hindsight, the rollout was reckless.
The answer was staring them in the face.
Clearly, the engineer did not think this through.
The engineer did not think it through.
How hard can it be to read a runbook?
The decision to restart was wrong.
The engineer's decision to restart was wrong.
Restarting the primary was the wrong call.
Rolling back immediately would have been the right call.
The team wasted 30 minutes on the wrong hypothesis.
The team chased the wrong lead for an hour.
The engineer jumped to the conclusion that DNS was broken.
The on-call engineer waited too long before escalating.
The engineer spent an hour on the wrong host.
I do not understand why Priya restarted it.
It is incomprehensible that nobody called the vendor.
What was she thinking?
Who on earth approved this?
It makes no sense that Omar restarted the primary.
Omar chose the wrong option.
Omar made the wrong call.
Omar got it wrong.
There was no good reason for the engineer to touch the router.
The engineer had no business touching the router.
Why on earth did Jonas touch the router?
Jonas deliberately ignored the alert.
Jonas chose to ignore the alert.
Jonas decided not to tell anyone.
Jonas tried to hide the outage.
Jonas covered up his mistake.
Jonas did not care about the customers.
Jonas refused to roll back.
Jonas wanted to go home early.
Jonas wanted to save time.
Jonas could not be bothered to test.
Jonas took a shortcut.
Jonas cut corners.
Jonas thought that the rules did not apply to him.
Jonas knew the risk and went ahead.
Jonas willingly put customers at risk.
Jonas just wanted to be done with it.
The engineer did not follow the runbook.
The engineer did not stick to the runbook.
The engineer deviated from the runbook.
The engineer ignored the runbook.
The engineer broke protocol.
The engineer did not comply with the change policy.
The change was made in violation of the change policy.
The change was made outside the window by Farid.
Farid made the change outside of the maintenance window.
Farid did not get sign-off.
Farid deployed without sign-off.
Farid merged his own change.
Farid merged without review.
Farid approved his own pull request.
Farid had been told not to deploy on Fridays.
Farid was not supposed to deploy on Fridays.
Farid was not allowed to deploy on Fridays.
Farid was not authorised to run the script.
The procedure requires two people, but Farid did it alone.
The runbook says to drain first, but Farid did not.
Contrary to the policy, Farid used root.
Farid used root, which is against the policy.
Deploying on a Friday is against the rules, and Farid knew it.
It was Priya's fault.
Priya is at fault.
The blame lies with Priya.
Priya is to blame.
We blame Priya.
Priya bears the responsibility.
Priya has to answer for this.
Priya must take responsibility for the outage.
Priya will be held accountable.
There will be consequences for Priya.
There must be consequences for whoever did this.
Priya has been given a warning.
Priya received a written warning.
Priya lost her production access.
Priya was taken off the rota.
Priya will no longer be allowed to deploy.
HR has been informed about Priya.
Disciplinary action has been taken.
Someone has to answer for this.
Heads must roll.
The person who did this should be ashamed.
The team let the customers down.
Priya owes everyone an apology.
Priya admitted her mistake.
Priya admitted that it was her fault.
Priya apologised for her mistake.
Engineers should be more careful.
Be more careful next time.
We need to be more careful.
Remind engineers to check the prompt.
Retrain the operators.
Train the on-call engineers to follow the runbook.
Everyone must double-check commands.
People should think before they type.
Tell the team to read the alerts.
Pay more attention to alerts.
Increase awareness among engineers.
Raise awareness of the importance of checking.
Make sure the engineers follow the runbook.
Make sure that this never happens again.
Engineers should take more time before they act.
Operators need to concentrate.
Developers are expected to be more vigilant.
Stress the importance of testing to the developers.
Talk to Omar about his behaviour.
Have a word with Omar.
A mail was sent to all engineers to remind them to check.
More discipline is needed.
Staff need further training.
The engineer will receive additional training.
Send Omar on a course.
Tamsin never bothered to open the dashboard.
The on-call engineer waved the alert through.
Kwame had every chance to stop the rollout and let it run.
The reviewer gave the change a thumbs-up without opening it.
The reviewer approved the change blindly.
The change was rubber-stamped by the reviewer.
The developer copied the command from the wiki without understanding it.
The developer pasted a command that she did not understand.
The admin ran the command on the wrong host because he was not concentrating.
The admin confused the two hosts.
The admin mixed the two hosts up.
The DBA dropped the wrong table.
The contractor left without handing over.
The contractor ignored two warnings on the screen.
The contractor paid no heed to the warnings.
The contractor turned off the alarm and walked away.
The engineer sat on the alert for an hour.
The engineer let the certificate lapse.
The engineer let it slip through.
The engineer lost sight of the second cluster.
The engineer lost track of time.
The engineer neglected the second cluster.
The engineer neglected his duties.
The engineer did nothing about it.
The engineer had not bothered with a backup.
The engineer had not taken a backup beforehand.
The engineer hadn't even opened the runbook.
The engineer hadn't thought about rollback.
The engineer gave no thought to rollback.
The engineer should have thought about rollback.
The engineer was expected to take a backup but did not.
It was the engineer's job to take a backup.
It fell to the engineer to take a backup, and she did not.
Taking a backup first is basic practice, which the engineer ignored.
Any decent engineer takes a backup first.
No sane person would restart the primary at noon.
A child could see that this would go wrong.
One look at the graph would have been enough.
A glance at the graph would have told her.
She only had to look at the graph.
It would have taken her ten seconds to check.
This was a disaster waiting to happen and the team knew it.
The team knew about the risk and did nothing.
The team had known of this bug for months and did not fix it.
The team had been warned and chose to carry on.
The team ignored the risk.
The team was complacent.
The team grew complacent.
The team dropped the ball.
The platform team's negligence led to the loss.
The platform team's lax attitude to testing led to this.
Poor discipline in the platform team led to this.
Sloppy work by the platform team led to this.
Carelessness in the platform team.
Due to carelessness the flag was left on.
Through sheer inattention the flag was left on.
Negligence was the cause.
Ignorance of the procedure was the cause.
It was an unforced error by the on-call engineer.
It was a rookie mistake.
It was a stupid mistake on Kwame's part.
It was Kwame who broke the build.
It was Kwame's script that deleted the bucket.
Kwame is the one who broke the build.
Kwame managed to delete the bucket.
Kwame went and deleted the bucket.
Kwame's meddling with the config caused the outage.
Kwame's carelessness cost us a day.
Kwame messed up the config.
Kwame botched the migration.
Kwame bungled the failover.
Kwame fumbled the failover.
Kwame blew up the cluster.
Kwame nuked the cluster.
Kwame wrecked the cluster.
Kwame caused chaos by restarting the broker.
Kwame triggered the outage.
Kwame triggered the outage by restarting the broker.
Kwame is responsible for the outage.
Kwame is solely responsible for the data loss.
Kwame was behind the outage.
The outage was Kwame's fault entirely.
The outage is on Kwame.
The finger points at Kwame.
All fingers point at Kwame.
The culprit was Kwame.
The culprit is an engineer in the storage team.
The guilty party is the storage team.
The storage team is the guilty party.
The storage team messed up.
The storage team screwed up the upgrade.
The storage team has a lot to answer for.
The storage team must be held to account.
The storage team deserves the blame.
The storage team cannot be trusted with production.
Kwame cannot be trusted with production.
Kwame should not be on call.
Kwame should not have access to production.
Kwame should be removed from the rota.
Kwame should be sacked.
Kwame has been spoken to.
Kwame has been told off.
Kwame has been disciplined.
Kwame's manager has been informed.
His access has been withdrawn.
Her production rights were taken away.
We will make sure Kwame pays for this.
Kwame must apologise to the customers.
Kwame must learn from this.
Kwame needs to learn to read.
Kwame needs to take his job seriously.
Kwame does not take his job seriously.
Kwame has a bad attitude.
Kwame has a habit of skipping tests.
Kwame always skips tests.
Kwame once again skipped the tests.
Yet again Kwame forgot the tests.
As usual, Kwame had not tested anything.
Typical Kwame.
Kwame is too careless for this job.
Kwame is not cut out for on-call.
Kwame is incapable of reading a runbook.
Kwame is clueless about DNS.
Kwame has no understanding of DNS.
Kwame's understanding of DNS is poor.
Kwame's lack of experience showed.
Inexperience on the part of the engineer.
The engineer's inexperience led to the outage.
Nobody in their right mind would restart the primary at noon.
What on earth made Kwame restart the primary?
How did the reviewer not see this?
How could the reviewer not see this?
How could anyone miss this?
How anyone could miss this is beyond me.
I cannot understand how the reviewer missed this.
The reviewer's decision is baffling.
The reviewer's approval was a grave error of judgement.
It was irresponsible to deploy on a Friday.
It was reckless of the engineer to deploy on a Friday.
It was careless of Kwame to leave the flag on.
It was wrong of Kwame to leave the flag on.
It was foolish to trust the script.
Deploying on a Friday was irresponsible.
Deploying on a Friday evening shows poor judgement.
Leaving the flag on was negligent.
Leaving the flag on was a serious oversight.
Not checking the flag was a serious oversight.
Not having checked the flag was a mistake.
Failing to check the flag was the mistake.
Failure to check the flag led to the outage.
The failure to check the flag was inexcusable.
There is no excuse for not checking the flag.
There can be no excuse for such carelessness.
There was no need for Kwame to touch the flag.
Kwame had no reason to touch the flag.
Kwame touched the flag for no reason.
Kwame touched the flag on a whim.
Kwame acted on his own authority.
Kwame acted without thinking.
Kwame acted alone and told nobody.
Kwame told nobody about the change.
Kwame kept quiet about the change.
Kwame concealed the change.
Kwame lied about the change.
Kwame pretended that he had tested it.
Kwame claimed to have tested it, but he had not.
Kwame made the change in secret.
Kwame made the change behind the team's back.
Kwame made the change without a ticket.
Kwame made the change during the freeze.
Kwame made the change despite the freeze.
Kwame made the change even though he had been told not to.
Kwame made the change although the runbook forbids it.
Kwame overrode the check.
Kwame forced the merge past the checks.
Kwame merged with red tests.
Kwame merged despite the failing tests.
Kwame disabled the check to save time.
Kwame disabled the check because he could not be bothered to wait.
Kwame was too lazy to write a test.
Kwame was too proud to ask.
Kwame was more interested in going home.
Kwame gambled with customer data.
Kwame took an unnecessary risk.
Kwame took a needless risk.
Kwame played with fire.
Kwame was reckless.
Engineers should check twice before they press enter.
Engineers should be reminded of the policy.
Engineers are reminded to follow the policy.
All staff are reminded to read the runbook before deploying.
Please be more careful with production.
Please double-check the host name.
Let us all be more careful.
Let's be more vigilant.
We must be more vigilant.
We need to pay more attention.
We need to take more care with production.
More care is needed when editing the config.
More vigilance is required.
Greater care should be taken.
Greater attention to detail is required from engineers.
Extra caution is advised.
Operators should exercise caution.
Teach the engineers to read the prompt.
Coach Kwame on the process.
Kwame will be coached.
Kwame will attend a training.
Send a reminder to all engineers to follow the process.
Remind everyone of the process.
Enforce discipline.
Discipline must improve.
Hold people accountable for outages.
Rahel did not think to look at the second region.
Rahel did not take the alert seriously.
Rahel did not wait for the answer of the vendor.
Rahel never told anyone that she had changed the limit.
Rahel forgot about the second region entirely.
Rahel, who should know the system by heart, restarted the wrong gateway.
Rahel restarted the wrong gateway.
Rahel restarted the gateway without checking which region was live.
Rahel deployed without waiting for the tests to finish.
Rahel deployed before the review was done.
Rahel ran the script in production first, against all advice.
Rahel ran an untested script.
Rahel wiped the index by accident.
Rahel mistakenly wiped the index.
Rahel's slip wiped the index.
Rahel's hasty restart made it worse.
Rahel's poor choice of time made it worse.
Rahel's refusal to roll back made it worse.
Rahel's negligence is the reason for the outage.
Rahel is to blame for the loss of data.
Rahel should be ashamed.
Rahel should have asked for help.
Rahel should've asked.
Rahel really should have known.
Rahel could have prevented this by reading the ticket.
Rahel could have just waited.
Rahel would have seen it had she looked.
If Rahel had looked at the graph, the outage would have been avoided.
If Rahel had been more careful, this would not have happened.
Had Rahel read the ticket, she would have known.
The ticket was clear, but Rahel did not read it.
The runbook was clear, yet the engineer ignored it.
The instructions were simple, and still the engineer got them wrong.
The engineer misread the graph.
The engineer misunderstood the ticket.
The engineer misjudged the risk.
The engineer underestimated the load.
The engineer did not realise how serious it was.
The engineer failed to grasp the situation.
The engineer failed to act.
The engineer reacted too slowly.
The engineer acted too hastily.
The engineer acted rashly.
The engineer was overwhelmed and made bad decisions.
The engineer made one mistake after another.
The engineer made a series of poor decisions.
The engineer's sloppy work caused the loss.
The engineer's carelessness is unacceptable.
The engineer's attitude is the problem.
The engineer does not care.
The engineer just does not get it.
The engineer showed no sense of urgency.
The engineer showed poor judgement.
The engineer lacks judgement.
The engineer lacked discipline.
The engineer was unprofessional.
The engineer was unprepared.
The engineer was ill-prepared for the shift.
The engineer had not read the handover notes.
The engineer hadn't tested the script.
The engineer had not been paying attention.
The engineer had been warned.
The engineer knew better.
The engineer knew the rule and broke it.
The engineer broke the two-person rule.
The engineer broke the rules.
The engineer did not respect the freeze.
The engineer acted in breach of the policy.
The engineer's actions were against policy.
The engineer did this without permission.
The engineer did not have approval.
The engineer did not ask for approval.
The engineer did not open a ticket.
The engineer used a shared account, which is forbidden.
The engineer must be disciplined.
The engineer has to face the consequences.
The engineer's contract will not be renewed.
The engineer lost his bonus.
The engineer was sent home.
The engineer deserves a warning.
Disciplinary steps are being considered.
This will have consequences for those responsible.
Those responsible will be dealt with.
Whoever approved this has questions to answer.
Whose fault is this?
Whose idea was it to deploy on a Friday?
Who is to blame for this?
Who let the intern near production?
Why was nobody watching the graph?
Why did nobody speak up?
Why was Rahel allowed to touch this?
How could the team be so careless?
This was sheer carelessness.
This was pure negligence on the part of the team.
This was plain stupid.
This was amateur hour.
This was an act of carelessness.
This was avoidable.
This was completely avoidable.
This should never have happened.
This could easily have been avoided.
It was clear from the start that this would fail.
It was only a matter of time before this failed.
It was bound to fail.
Everybody knew that the script was dangerous.
Everyone could see it coming.
Anyone with basic knowledge of DNS would have known.
Even an intern would have known.
The alert was there for all to see.
The warning was in plain sight.
The warning was ignored by the operators.
The warnings of the vendor were ignored by the team.
The alert was overlooked by the on-call engineer.
The step was skipped by the engineer.
The test was not run by the developer.
The flag was left on by the developer.
The flag was wrongly set by the developer.
The wrong flag was set by the developer.
The file was deleted by the administrator by mistake.
The outage was triggered by an engineer who was not paying attention.
The outage was the result of an engineer's mistake.
The outage was due to an operator not following the procedure.
The outage was due to the team not testing the change.
The outage was caused by the failure of staff to follow the procedure.
The outage was caused by a lack of care.
The outage was caused by someone not reading the docs.
The outage was caused by an inexperienced engineer.
The outage was caused by an engineer deleting the wrong volume.
The outage happened because the engineer did not check the region.
The outage happened because nobody checked the region.
The outage lasted so long because the on-call engineer did not escalate.
The incident was prolonged by the engineer's indecision.
The incident would have been shorter if the engineer had escalated.
Root cause: carelessness of the operator.
Root cause: Rahel.
Root cause: the engineer did not check the region.
Root cause: failure to follow the procedure.
Root cause: human mistake.
Cause: operator inattention.
Cause: wrong decision by the incident manager.
10:04 Rahel restarts the wrong gateway.
10:04 Rahel forgets to check the region.
10:10 on-call engineer ignores the second page.
Action: remind the team to follow the runbook.
Action: more training for operators.
Action: engineers to be more careful when restarting gateways.
Action: discipline the engineer.
Lesson: check twice.
Lesson: people must read the runbook.
Lesson learned: be careful with the gateway.
We should have seen this coming.
We should have known better.
We were careless.
We were sloppy.
We failed our customers.
We made a mistake.
We forgot the second region.
We did not test the failover.
I forgot the second region.
I should have checked the region.
I made a mistake.
My mistake.
It was my fault.
Bartek's cavalier handling of the credentials exposed them.
Nadia never confirmed that the restore had worked.
Nadia confirmed the restore without looking at a single row.
The DBA on shift shrugged the warning off.
The release manager waved through a build with failing tests.
Our network engineer pulled the wrong cable.
The storage lead ignored three mails from the vendor.
The storage lead had promised to replace the disks and never did.
The architect insisted on the design against everybody's advice.
Poor preparation by the migration team cost us the night.
The migration team made no plan for a rollback.
The migration team skipped the rehearsal.
The migration team forgot to invite support.
Escalation was late because the shift lead hesitated.
The shift lead dithered for half an hour.
The shift lead was clearly out of his depth.
The shift lead knew about the open ticket but did not mention it.
It was the shift lead's duty to call the vendor.
Nothing would have happened if the developer had used the flag.
Nothing would have happened had the developer used the flag.
The developer could have used the flag.
The developer should at least have used the flag.
The developer ought to be ashamed of this code.
The developer's laziness is to blame.
The developer hard-coded the address out of laziness.
The developer deliberately bypassed the linter.
The developer disabled the linter without telling anyone.
The developer tested nothing.
The developer didn't bother to reply to the review.
The developer was told twice to add an index.
The developer broke the contract of the API without notice.
The bug was introduced by a careless developer.
The bug was missed by both reviewers.
Neither reviewer noticed the missing check.
Both reviewers missed the missing check.
Whoever reviewed this did not read it.
Someone must have pressed the wrong button.
Someone in operations mistyped the address.
An operations engineer mistyped the address.
An inexperienced colleague ran the script.
An over-eager engineer ran the script too early.
A tired engineer made a typing error.
The typing error of an engineer took down the site.
Human failure led to the loss of the disk.
It boils down to human error.
Once again it was human error.
The incident is attributable to operator error.
Operator negligence cannot be ruled out.
The lesson is that engineers have to concentrate.
The lesson is to be more careful.
Going forward, everyone will be more careful.
In future the team will double-check everything.
We ask all engineers to be more attentive.
All operators will undergo training.
The operator received a warning.
The operator has been suspended.
The contractor was let go.
The contractor's contract was terminated because of this.
We hold the contractor responsible.
The contractor is liable for the damage.
In retrospect it is obvious that the contractor should not have been trusted.
It should have been clear to the contractor that the rack was live.
The contractor must have seen the label.
Why the contractor ignored the label is a mystery.
Ravi, Camille and the others didn't read the plan.
Ravi and the rest of the reviewers did not read the plan.
Nobody in operations checked the logs.
It was removed by a developer who had not tested the script.
This is not the first time that the reviewer has missed such a bug.
The typo slipped past the reviewer.
It was irresponsible not to tell the customers.
Felix misconfigured the pool size.
What the contractor did was unforgivable.
"""
