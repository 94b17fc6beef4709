-- "updatedAt" and "updateId" follow every UPDATE, also one that changes nothing and one that a foreign key makes.

CREATE TRIGGER "user_updatedAt" BEFORE UPDATE ON "user" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER user_metadata_updated_at BEFORE UPDATE ON user_metadata FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "session_updatedAt" BEFORE UPDATE ON session FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "session_sync_checkpoint_updatedAt" BEFORE UPDATE ON session_sync_checkpoint
  FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "api_key_updatedAt" BEFORE UPDATE ON api_key FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "partner_updatedAt" BEFORE UPDATE ON partner FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "notification_updatedAt" BEFORE UPDATE ON notification FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "library_updatedAt" BEFORE UPDATE ON library FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "asset_updatedAt" BEFORE UPDATE ON asset FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "stack_updatedAt" BEFORE UPDATE ON stack FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "asset_exif_updatedAt" BEFORE UPDATE ON asset_exif FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "asset_file_updatedAt" BEFORE UPDATE ON asset_file FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER asset_metadata_updated_at BEFORE UPDATE ON asset_metadata FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "asset_edit_updatedAt" BEFORE UPDATE ON asset_edit FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "album_updatedAt" BEFORE UPDATE ON album FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "album_user_updatedAt" BEFORE UPDATE ON album_user FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "album_asset_updatedAt" BEFORE UPDATE ON album_asset FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "activity_updatedAt" BEFORE UPDATE ON activity FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "memory_updatedAt" BEFORE UPDATE ON memory FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "memory_asset_updatedAt" BEFORE UPDATE ON memory_asset FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "tag_updatedAt" BEFORE UPDATE ON tag FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "person_updatedAt" BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "asset_face_updatedAt" BEFORE UPDATE ON asset_face FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "workflow_updatedAt" BEFORE UPDATE ON workflow FOR EACH ROW EXECUTE FUNCTION updated_at();
