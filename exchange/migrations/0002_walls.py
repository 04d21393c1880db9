"""The walls around what is disclosed: places, a ledger that only grows, and the partners' own small windows.

A partner's request runs as app_partner. It reads three views and calls the functions below; it has no right on any
table of a person. Content leaves through exchange_open() only, which writes the ledger in the same call.
"""

from django.db import migrations

from accounts.walls import OFFICES, AppendOnly, ChildPlace, MakePartitions, Protect, ProtectHistory

CHILDREN = (
    "exchange_alert",
    "exchange_alertentry",
    "exchange_receipt",
    "exchange_feedback",
    "exchange_delivery",
)
TRACKED = ("exchange_alert", "exchange_receipt", "exchange_feedback")
MINE = f"a.agency_id = ANY ({OFFICES})"
WHO = "nullif(current_setting('app.user', true), '')::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

RIGHTS = """
REVOKE UPDATE, DELETE ON exchange_alertentry FROM app;
GRANT UPDATE (withdrawn_at) ON exchange_alertentry TO app;
REVOKE DELETE ON exchange_alert, exchange_delivery FROM app;
REVOKE UPDATE, DELETE ON exchange_receipt FROM app;
GRANT UPDATE (silent_noted_at, commission_noted_at, answer_noted_at) ON exchange_receipt TO app;
REVOKE INSERT, UPDATE, DELETE ON exchange_feedback FROM app;
REVOKE DELETE ON exchange_notice, exchange_noticechannel FROM app;
REVOKE UPDATE ON exchange_noticechannel FROM app;
GRANT UPDATE (ended_at) ON exchange_noticechannel TO app;
REVOKE DELETE ON exchange_recipienttemplate FROM app;
"""

# A moment once written stays: nobody can unsee or sign later than it was.
ONCE = """
CREATE FUNCTION receipt_moments_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.delivered_at <> OLD.delivered_at
     OR (OLD.seen_at IS NOT NULL AND (NEW.seen_at, NEW.seen_by_id) IS DISTINCT FROM (OLD.seen_at, OLD.seen_by_id))
     OR (OLD.acknowledged_at IS NOT NULL AND (NEW.acknowledged_at, NEW.acknowledged_by_id)
         IS DISTINCT FROM (OLD.acknowledged_at, OLD.acknowledged_by_id)) THEN
    RAISE EXCEPTION 'a moment of a receipt is written once' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER moments_stay BEFORE UPDATE ON exchange_receipt
  FOR EACH ROW EXECUTE FUNCTION receipt_moments_stay();
"""

# The ledger is seen by whoever sees the person now.
LEDGER = """
ALTER TABLE exchange_disclosure ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON exchange_disclosure FOR SELECT TO app
  USING (EXISTS (SELECT 1 FROM registry_patient p WHERE p.uuid = person));
CREATE POLICY add ON exchange_disclosure FOR INSERT TO app
  WITH CHECK (EXISTS (SELECT 1 FROM registry_patient p WHERE p.uuid = person));
CREATE POLICY whole ON exchange_disclosure FOR SELECT TO backup USING (true);
"""

# A sequence per county and year: a counter row would hold up every other alert of the county until the commit.
NUMBERS = f"""
CREATE FUNCTION next_alert_number(county int, year int) RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
DECLARE name text := format('exchange_number_%s_%s', county, year);
BEGIN
  IF to_regclass(name) IS NULL THEN
    PERFORM 1 FROM accounts_division WHERE id = county AND level = 'county';
    IF NOT FOUND OR year NOT BETWEEN 2000 AND 2200 THEN RAISE EXCEPTION 'no such county or year'; END IF;
    BEGIN
      EXECUTE format('CREATE SEQUENCE %I', name);
    EXCEPTION WHEN unique_violation OR duplicate_table THEN NULL;  -- somebody else was first
    END;
  END IF;
  RETURN nextval(name::regclass);
END $$;
GRANT EXECUTE ON FUNCTION next_alert_number(int, int) TO app;
"""

# The office's own hours stand on its case: a desk on duty counts every hour.
VIEWS = f"""
CREATE VIEW exchange_inboxcase WITH (security_barrier=true) AS
  SELECT a.id, a.uuid, a.agency_id, g.name AS agency_name, a.county_id, a.number, a.status, a.opened_at, a.closed_at,
         CASE WHEN a.status <> 'closed' THEN a.level END AS level,
         CASE WHEN a.status <> 'closed' THEN a.area END AS area,
         g.on_duty
  FROM exchange_alert a JOIN accounts_agency g ON g.id = a.agency_id
  WHERE {MINE} AND EXISTS (SELECT 1 FROM exchange_receipt r WHERE r.alert_id = a.id);

CREATE VIEW exchange_inboxentry WITH (security_barrier=true) AS
  SELECT e.id, e.uuid, e.alert_id AS case_id, e.kind,
         CASE WHEN a.status <> 'closed' AND e.withdrawn_at IS NULL THEN e.occurred_on END AS occurred_on,
         CASE WHEN a.status <> 'closed' AND e.withdrawn_at IS NULL THEN e.level END AS level,
         CASE WHEN a.status <> 'closed' AND e.withdrawn_at IS NULL THEN e.previous_level END AS previous_level,
         e.withdrawn_at IS NOT NULL AS is_withdrawn,
         r.delivered_at, r.seen_at, r.acknowledged_at, r.acknowledged_by_id, u.display_name AS acknowledged_by_name
  FROM exchange_alertentry e JOIN exchange_alert a ON a.id = e.alert_id
  JOIN exchange_receipt r ON r.entry_id = e.id LEFT JOIN accounts_user u ON u.id = r.acknowledged_by_id
  WHERE {MINE};

CREATE VIEW exchange_inboxfeedback WITH (security_barrier=true) AS
  SELECT f.id, f.uuid, f.alert_id AS case_id, f.given_at, u.display_name AS given_by_name,
         CASE WHEN a.status <> 'closed' THEN f.met END AS met,
         CASE WHEN a.status <> 'closed' THEN f.met_at END AS met_at,
         CASE WHEN a.status <> 'closed' THEN f.actions END AS actions,
         CASE WHEN a.status <> 'closed' THEN f.result END AS result
  FROM exchange_feedback f JOIN exchange_alert a ON a.id = f.alert_id JOIN accounts_user u ON u.id = f.given_by_id
  WHERE {MINE};

REVOKE ALL ON exchange_inboxcase, exchange_inboxentry, exchange_inboxfeedback FROM app;
GRANT SELECT ON exchange_inboxcase, exchange_inboxentry, exchange_inboxfeedback TO app, app_partner;
"""  # noqa: S608

SEE = f"""
CREATE FUNCTION exchange_see(moment timestamptz) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
DECLARE n int;
BEGIN
  UPDATE exchange_receipt r SET seen_at = moment, seen_by_id = {WHO}
  FROM exchange_alert a WHERE a.id = r.alert_id AND {MINE} AND r.seen_at IS NULL AND {WHO} IS NOT NULL;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
"""  # noqa: S608

ACKNOWLEDGE = f"""
CREATE FUNCTION exchange_acknowledge(one uuid, moment timestamptz, OUT signed int, OUT who uuid)
LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  SELECT p.uuid INTO who FROM exchange_alert a JOIN registry_patient p ON p.id = a.patient_id
  WHERE a.uuid = one AND {MINE} AND {WHO} IS NOT NULL;
  UPDATE exchange_receipt r SET acknowledged_at = moment, acknowledged_by_id = {WHO},
    seen_at = coalesce(r.seen_at, moment), seen_by_id = coalesce(r.seen_by_id, {WHO})
  FROM exchange_alert a WHERE a.id = r.alert_id AND a.uuid = one AND {MINE} AND r.acknowledged_at IS NULL
    AND who IS NOT NULL;
  GET DIAGNOSTICS signed = ROW_COUNT;
END $$;
"""  # noqa: S608

# 签收 up to the newest entry that stood on the officer's screen: what arrived since, a recall above all, keeps its own.
ACKNOWLEDGE_SHOWN = f"""
CREATE FUNCTION exchange_acknowledge(one uuid, moment timestamptz, newest uuid, OUT signed int, OUT who uuid)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE last bigint;
BEGIN
  SELECT p.uuid INTO who FROM exchange_alert a JOIN registry_patient p ON p.id = a.patient_id
  WHERE a.uuid = one AND {MINE} AND {WHO} IS NOT NULL;
  SELECT e.id INTO last FROM exchange_alertentry e JOIN exchange_alert a ON a.id = e.alert_id
  WHERE a.uuid = one AND e.uuid = newest;
  UPDATE exchange_receipt r SET acknowledged_at = moment, acknowledged_by_id = {WHO},
    seen_at = coalesce(r.seen_at, moment), seen_by_id = coalesce(r.seen_by_id, {WHO})
  FROM exchange_alert a WHERE a.id = r.alert_id AND a.uuid = one AND {MINE} AND r.acknowledged_at IS NULL
    AND who IS NOT NULL AND (newest IS NULL OR r.entry_id <= last);
  GET DIAGNOSTICS signed = ROW_COUNT;
END $$;
"""  # noqa: S608

# Content of open cases that were signed for; one ledger line per case and call, and no content without that line.
OPEN = f"""
CREATE FUNCTION exchange_open(cases uuid[], moment timestamptz)
RETURNS TABLE (the_case uuid, the_entry uuid, sealed bytea, who uuid) LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  RETURN QUERY
  WITH noted AS (
  INSERT INTO exchange_disclosure (at, uuid, act, person, recipient, recipient_name, alert, entry, fields, basis,
                                   citation, actor, actor_name, digest)
  SELECT moment, gen_random_uuid(), 'opened', p.uuid, g.uuid, g.name, a.uuid, NULL, d.fields, d.basis, d.citation,
         u.uuid, u.display_name, NULL
  FROM exchange_alert a JOIN registry_patient p ON p.id = a.patient_id JOIN accounts_agency g ON g.id = a.agency_id
  JOIN accounts_user u ON u.id = {WHO}
  CROSS JOIN LATERAL (SELECT l.fields, l.basis, l.citation FROM exchange_disclosure l
    WHERE l.person = p.uuid AND l.alert = a.uuid AND l.digest IS NOT NULL ORDER BY l.at DESC LIMIT 1) d
  WHERE a.uuid = ANY (cases) AND {MINE} AND a.status <> 'closed'
    AND EXISTS (SELECT 1 FROM exchange_receipt r WHERE r.alert_id = a.id AND r.acknowledged_at IS NOT NULL)
  RETURNING alert)
  SELECT a.uuid, e.uuid, e.content, p.uuid
  FROM noted JOIN exchange_alert a ON a.uuid = noted.alert JOIN registry_patient p ON p.id = a.patient_id
  JOIN exchange_alertentry e ON e.alert_id = a.id JOIN exchange_receipt r ON r.entry_id = e.id
  WHERE r.acknowledged_at IS NOT NULL AND e.withdrawn_at IS NULL AND e.content IS NOT NULL
  ORDER BY e.id;
END $$;
"""  # noqa: S608

# How many different people this officer has opened since; `fresh` of the cases asked for would be new.
COUNT = f"""
CREATE FUNCTION exchange_openings(cases uuid[], since timestamptz, OUT opened int, OUT fresh int)
LANGUAGE sql STABLE {DEFINER} AS $$
  WITH before AS (
    SELECT DISTINCT l.person FROM exchange_disclosure l JOIN accounts_user u ON u.uuid = l.actor
    WHERE u.id = {WHO} AND l.act = 'opened' AND l.at > since)
  SELECT (SELECT count(*)::int FROM before),
    (SELECT count(DISTINCT p.uuid)::int FROM exchange_alert a JOIN registry_patient p ON p.id = a.patient_id
     WHERE a.uuid = ANY (cases) AND {MINE} AND p.uuid NOT IN (SELECT person FROM before))
$$;
"""  # noqa: S608

ANSWER = f"""
CREATE FUNCTION exchange_answer(one uuid, new_uuid uuid, form uuid, whom varchar, met_moment timestamptz,
  did varchar[], outcome varchar, sealed_note bytea, moment timestamptz, OUT created boolean, OUT who uuid)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE the_case record;
BEGIN
  created := false;
  SELECT a.id, a.patient_id, a.at_township, p.uuid AS person INTO the_case
  FROM exchange_alert a JOIN registry_patient p ON p.id = a.patient_id
  WHERE a.uuid = one AND {MINE} AND {WHO} IS NOT NULL AND a.status <> 'closed'
    AND EXISTS (SELECT 1 FROM exchange_receipt r WHERE r.alert_id = a.id AND r.acknowledged_at IS NOT NULL)
  FOR UPDATE OF a;
  IF NOT FOUND THEN RETURN; END IF;
  who := the_case.person;
  PERFORM 1 FROM exchange_feedback WHERE form_id = form AND alert_id = the_case.id;
  IF FOUND THEN RETURN; END IF;
  INSERT INTO exchange_feedback (uuid, form_id, alert_id, patient_id, given_at, given_by_id, met, met_at, actions,
                                 result, note, duty_township, duty_county, at_township)
  VALUES (new_uuid, form, the_case.id, the_case.patient_id, moment, {WHO}, whom, met_moment, did, outcome, sealed_note,
          0, 0, the_case.at_township)
  ON CONFLICT (form_id) DO NOTHING;
  created := nullif(FOUND, false);  -- NULL: the form's number stands under another case
END $$;
"""  # noqa: S608

SIGNATURES = (
    "exchange_see(timestamptz)",
    "exchange_acknowledge(uuid, timestamptz)",
    "exchange_acknowledge(uuid, timestamptz, uuid)",
    "exchange_open(uuid[], timestamptz)",
    "exchange_openings(uuid[], timestamptz)",
    "exchange_answer(uuid, uuid, uuid, varchar, timestamptz, varchar[], varchar, bytea, timestamptz)",
)


def _sql(statements: str) -> migrations.RunSQL:
    return migrations.RunSQL(statements, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [
        *(operation for table in CHILDREN for operation in (Protect(table), ChildPlace(table))),
        *(ProtectHistory(f"{table}historyevent") for table in TRACKED),
        _sql(RIGHTS),
        _sql(ONCE),
        AppendOnly("exchange_disclosure", readable=True),
        AppendOnly("exchange_deliveryevent", readable=True),
        MakePartitions("exchange_disclosure", months_back=1),
        MakePartitions("exchange_deliveryevent", months_back=1),
        _sql(LEDGER),
        _sql(NUMBERS),
        _sql(VIEWS),
        *(_sql(function) for function in (SEE, ACKNOWLEDGE, ACKNOWLEDGE_SHOWN, OPEN, COUNT, ANSWER)),
        *(_sql(f"GRANT EXECUTE ON FUNCTION {one} TO app, app_partner") for one in SIGNATURES),
    ]
