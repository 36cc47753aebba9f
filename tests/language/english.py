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
    "neither-of-whom": "It was approved by two reviewers, neither of whom noticed the missing sign.",
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
    "human-error": "Root cause: engineer error.",
    "human-failure": "Omar fat-fingered the IP address.",
    "error-of-operator": "It was a mistake by the night operator.",
    "somebodys-slip": "Behind it was someone's mistake.",
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
    "knowingly": "Marta knowingly ignored the warning.",
    "knowingly-any": "Marta knowingly ignored the warning.",
    "on-purpose-bad": "Milan skipped the review on purpose.",
    "did-not-care": "He just didn't care about the tests.",
    "on-purpose": "Anika, despite being warned, restarted the primary.",
    "did-not-follow": "the engineer obviously didn't read the docs",
    "breached": "Amir broke the change freeze.",
    "no-approval": "Adele did not get approval for the change.",
    "told-not-to": "Peter was told not to touch the config, yet he changed it.",
    "breaching": "Luca deployed without approval.",
    "broke-the-rule-by": "Production was broken by Chen's change to the router.",
    "not-followed": "The change procedure was not followed.",
    "without-by": "The change was made by Luis without following the process.",
    "unauthorised": "The developer deviated from the plan and acted without approval.",
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
    "stop-doing": "People need to stop making changes on Fridays.",
    "be-careful": "Engineers must pay more attention to alerts.",
    "retrain": "Retrain Diego on the deployment procedure.",
    "was-reminded": "The team will be retrained on the deployment process.",
    "needs-training": "The team will be retrained on the deployment process.",
    "remember-to": "- Remember to run the tests.",
    "make-sure-people": "We need to make sure that people actually read the alerts.",
    "everyone-must": "Everyone should double-check their commands.",
    "more-carefully": "Such changes should be processed more carefully.",
    "vague-verb": "## Action items\n\n- Improve monitoring",
    "vague-noun": "## Action items\n\n- Better alerts for the queue",
    "no-verb": "## Action items\n\n- Documentation",
    "the-root-cause": "The root cause was Priya.",
    "solely-caused": "It was caused solely by the new kernel.",
    "was-killed": "The pod was killed twice.",
    "some-users": "Some users saw errors.",
    "heated": "Ben made a stupid mistake.",
    "shouting": "It broke again!!!",
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
}

# None of these blames anybody: a system acts, or a fact is told, or blame is denied.
SILENT = """
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
"""

# Sentences that blame, of all sorts.
BLAMING = """
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
"""
