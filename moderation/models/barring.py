"""What the database itself refuses of a decision, whichever code brings it.

``moderation.interests`` says the same to pages and queues; a test holds the two equal.
"""

# Whoever has an interest in the entry: it is theirs, they declared it, a side named them, they know the
# entrant, both belong to one organization, a work of theirs or licensed to their organization is in it, or
# they, somebody they own works with, or somebody of their organization claimed it.
NOT_BARRED = """
if exists (
    select 1 from moderation_case asked join submissions_entry e on e.id = asked.entry_id
    where asked.id = new.case_id and (
        e.entrant_id = new.by_id
        or exists (
            select 1 from moderation_interest said
            where said.entry_id = e.id and said.reviewer_id = new.by_id and (
                said.source in ('declared', 'abstained') or not exists (
                    select 1 from moderation_dismissal d
                    where d.entry_id = e.id and d.reviewer_id = new.by_id and d.at >= said.at)))
        or exists (
            select 1 from moderation_interest said
                join moderation_recognition meant on meant.interest_id = said.id
            where said.entry_id = e.id and meant.reviewer_id = new.by_id and not exists (
                select 1 from moderation_dismissal d
                where d.entry_id = e.id and d.reviewer_id = new.by_id and d.at >= meant.at))
        or exists (
            select 1 from moderation_acquaintance known join submissions_user person
                on lower(person.email) = lower(known.address)
            where known.reviewer_id = new.by_id and person.id = e.entrant_id)
        or exists (
            select 1 from submissions_artwork a join moderation_sighting s on s.artwork_id = a.id
                join matching_work w on w.id = s.work_id
                join matching_artist owner on owner.id = w.artist_id
                    or owner.id in (select shared.artist_id from matching_coowner shared
                        where shared.work_id = w.id)
            where a.entry_id = e.id and owner.owner_id = new.by_id)
        or exists (
            select 1 from moderation_claim said join matching_work w on w.id = said.work_id
                join matching_artist side on side.id in (said.artist_id, w.artist_id)
            where said.entry_id = e.id and (
                said.by_id = new.by_id
                or side.owner_id = new.by_id
                or exists (
                    select 1 from matching_coowner shared
                        join matching_work piece on piece.id = shared.work_id
                        join matching_artist own on own.owner_id = new.by_id
                    where (shared.artist_id = own.id and piece.artist_id = side.id)
                        or (shared.artist_id = side.id and piece.artist_id = own.id))))
        or not exists (
            select 1 from moderation_dismissal d where d.entry_id = e.id and d.reviewer_id = new.by_id
        ) and (
            exists (
                select 1 from submissions_membership mine join submissions_membership theirs
                    on theirs.organization_id = mine.organization_id
                where mine.user_id = new.by_id and theirs.user_id = e.entrant_id)
            or exists (
                select 1 from moderation_claim said
                    join submissions_membership theirs on theirs.user_id = said.by_id
                    join submissions_membership mine on mine.organization_id = theirs.organization_id
                where said.entry_id = e.id and mine.user_id = new.by_id)
            or exists (
                select 1 from submissions_artwork a join moderation_sighting s on s.artwork_id = a.id
                    join matching_work w on w.id = s.work_id
                    join matching_artist owner on owner.id = w.artist_id
                    join submissions_membership mine on mine.user_id = new.by_id
                    join submissions_organization house on house.id = mine.organization_id
                where a.entry_id = e.id
                    and house.slug = any(w.licensed_organizations || owner.licensed_organizations)))
    )
) then
    raise exception 'whoever has an interest in an entry does not decide about it'
        using errcode = 'check_violation';
end if;
return new;
"""

# Where a contest asks for two people, a new rejection needs an earlier opinion of somebody else. An appeal
# that upholds a rejection rejects nobody anew.
SECONDED = """
if new.route = 'reject' and exists (
    select 1 from moderation_case asked join submissions_entry e on e.id = asked.entry_id
    join moderation_reviewsettings s on s.contest_id = asked.contest_id and s.two_for_rejection
    where asked.id = new.case_id and not (asked.kind = 'appeal' and e.state = 'rejected')
) and not exists (
    select 1 from moderation_opinion first where first.case_id = new.case_id and first.by_id <> new.by_id
) then
    raise exception 'this contest rejects only what two people would reject'
        using errcode = 'check_violation';
end if;
if exists (
    select 1 from moderation_opinion first where first.case_id = new.case_id and first.by_id = new.by_id)
then
    raise exception 'who gave the first opinion of a case does not decide it'
        using errcode = 'check_violation';
end if;
if exists (select 1 from moderation_case asked where asked.id = new.case_id and asked.kind = 'exercise') then
    raise exception 'an exercise decides nothing' using errcode = 'check_violation';
end if;
return new;
"""

# A claim is upheld on the ground of a copy, whatever else is said. Dismissing it leaves its entry where it
# hangs, or lets it hang again where it was last to: nobody comes to stand elsewhere for a claim that does not
# stand. ``moderation.claims.ending.choices`` says the same.
CLAIM_ENDS = """
if new.route <> 'reject' and exists (
    select 1 from moderation_case asked join submissions_entry e on e.id = asked.entry_id
        left join submissions_category place on place.id = e.category_id
    where asked.id = new.case_id and asked.kind = 'claim' and new.route <> case
        when e.state = 'hung' then case
            when place.kind = 'human' then 'human' when e.shown_apart then 'ai_apart' else 'ai' end
        else (
            select last.route from (
                select d.at, d.route from moderation_decision d join moderation_case c on c.id = d.case_id
                where c.entry_id = e.id and not exists (
                    select 1 from moderation_undoing u where u.decision_id = d.id)
                union all
                select v.at, v.route from moderation_verdict v
                    join moderation_screening s on s.id = v.screening_id
                where s.entry_id = e.id and s.abandoned_at is null
                union all
                select c.at, c.stood from moderation_claim c where c.entry_id = e.id
                union all
                select ended.at, a.asks from moderation_appealend ended
                    join moderation_appeal a on a.id = ended.appeal_id
                where a.entry_id = e.id and ended.outcome = 'lapsed'
            ) last
            where last.route in ('human', 'ai', 'ai_apart')
            order by last.at desc, last.route collate "C" desc limit 1)
        end
) then
    raise exception 'a dismissed claim leaves the entry where it stands' using errcode = 'check_violation';
end if;
if new.route = 'reject' and not 'copy' = any(new.grounds) and exists (
    select 1 from moderation_case asked where asked.id = new.case_id and asked.kind = 'claim'
) then
    raise exception 'a claim is upheld on the ground of a copy' using errcode = 'check_violation';
end if;
return new;
"""
