//! What a token gives access to.

use k6_cloud_fake::FakeCloud;

use super::Description;

#[tokio::test]
async fn every_answer_is_as_described() {
    let mut description = Description::read();
    let fake = FakeCloud::start().await.expect("the fake starts");
    description.check(&fake, "GET", "/auth").await;
    description.check_common(&fake, ("GET", "/auth", "")).await;
    description.assert_all_seen("authorization");
}
