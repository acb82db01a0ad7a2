DROP TRIGGER guard_decision ON decision;
DROP FUNCTION guard_decision();
DROP FUNCTION is_self_dealing(uuid, uuid);
DROP TRIGGER mark_recipient ON redemption;
DROP FUNCTION mark_recipient();
DROP TRIGGER mark_person ON person;
DROP FUNCTION mark_person();
DROP FUNCTION identity_digest(text, text);
DROP TABLE identity_mark;
ALTER TABLE decision DROP COLUMN first_by;
DROP TABLE first_opinion;
DROP TABLE second_look;
DROP TABLE automatic_opinion;
UPDATE review SET cause = 'doubt' WHERE cause IN ('second', 'difference');
ALTER TABLE review DROP CONSTRAINT ck_review_cause;
ALTER TABLE review ADD CONSTRAINT ck_review_cause CHECK (cause IN
  ('unread', 'held', 'doubt', 'proof', 'appeal', 'audit'));
DROP TABLE proof;
